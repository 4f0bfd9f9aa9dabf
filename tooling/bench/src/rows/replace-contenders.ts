import { open, rename } from "node:fs/promises";
import { closeSync, fsync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Peers } from "../peers.ts";

/** One way of replacing a file; loaded on demand, so that what it calls can be counted from its first import on. */
export interface Replacer {
  readonly name: string;
  readonly replace: (path: string, data: Buffer) => Promise<void>;
}

/** The ways compared, by a short id. */
export const replacerIds = ["own", "write-file-atomic", "atomically", "promises", "syncs-awaited", "sync"] as const;

/** A short id of a way. */
export type ReplacerId = (typeof replacerIds)[number];

type WriteFile = (path: string, data: Buffer) => Promise<void>;

/** Loads one way of replacing a file, each with its own defaults. */
export async function loadReplacer(id: ReplacerId, peers: Peers): Promise<Replacer> {
  switch (id) {
    case "own": {
      const { replaceFile } = await import("@gov/atomic-io");
      return { name: "@gov/atomic-io replaceFile", replace: async (path, data) => void (await replaceFile(path, data)) };
    }
    case "write-file-atomic": {
      const writeFileAtomic = (await peers.load<{ readonly default: WriteFile }>(id)).default;
      return { name: await peers.label(id), replace: writeFileAtomic };
    }
    case "atomically": {
      const { writeFile } = await peers.load<{ readonly writeFile: WriteFile }>(id);
      return { name: await peers.label(id), replace: writeFile };
    }
    case "promises":
      return { name: "node:fs/promises by hand, file and directory synced", replace: replaceByPromises };
    case "syncs-awaited":
      return { name: "node:fs by hand, the two syncs awaited, the rest sync calls", replace: replaceAwaitingSyncs };
    case "sync":
      return {
        name: "node:fs sync calls by hand, file and directory synced",
        replace: async (path, data) => replaceBySyncCalls(path, data),
      };
  }
}

async function replaceByPromises(path: string, data: Buffer): Promise<void> {
  const file = await open(`${path}.tmp`, "w");
  await file.writeFile(data);
  await file.sync();
  await file.close();
  await rename(`${path}.tmp`, path);
  const directory = await open(dirname(path), "r");
  await directory.sync();
  await directory.close();
}

async function replaceAwaitingSyncs(path: string, data: Buffer): Promise<void> {
  const file = openSync(`${path}.tmp`, "w");
  writeSync(file, data);
  await synced(file);
  closeSync(file);
  renameSync(`${path}.tmp`, path);
  const directory = openSync(dirname(path), "r");
  await synced(directory);
  closeSync(directory);
}

function synced(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(descriptor, (error) => (error === null ? resolve() : reject(error)));
  });
}

function replaceBySyncCalls(path: string, data: Buffer): void {
  const file = openSync(`${path}.tmp`, "w");
  writeSync(file, data);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.tmp`, path);
  const directory = openSync(dirname(path), "r");
  fsyncSync(directory);
  closeSync(directory);
}
