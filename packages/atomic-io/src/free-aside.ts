import { dirname } from "node:path";
import type { FileHandle, FileSystem } from "./file-system.ts";
import { nodeFileSystem } from "./node-file-system.ts";

/** Options of {@link freeAside}. */
export interface FreeAsideOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/**
 * Runs work that takes a file's name away, by removing or replacing it, and lets what the file occupied be freed beside the calling thread: within the call, a few
 * hundred megabytes keep the event loop from turning for a tenth of a second. Where an open file cannot be removed or replaced, and where there is none, the
 * work is run as it is.
 *
 * @returns what the work returns, once the file is freed.
 * @throws the error of the work.
 * @example Remove a large file
 * ```ts
 * import assert from "node:assert/strict";
 * import { existsSync, writeFileSync } from "node:fs";
 * import { rm } from "node:fs/promises";
 * import { freeAside } from "@gov/atomic-io";
 *
 * writeFileSync("large", "a".repeat(1_000_000));
 * await freeAside("large", () => rm("large"));
 * assert.equal(existsSync("large"), false);
 * ```
 */
export async function freeAside<T>(path: string, work: () => Promise<T>, options: FreeAsideOptions = {}): Promise<T> {
  const { fs = nodeFileSystem } = options;
  const held = await openToHold(fs, path);
  try {
    return await work();
  } finally {
    // Nothing that was to be kept can be lost with a failure.
    await (held?.closeAside ?? held?.close)?.().catch(() => undefined);
  }
}

async function openToHold(fs: FileSystem, path: string): Promise<FileHandle | null> {
  try {
    const directory = await fs.open(dirname(path), "directory");
    await directory.close();
    // Where no rename within an open directory is possible, an open file can neither be replaced nor removed.
    return directory.renameWithin === undefined ? null : await fs.open(path, "read");
  } catch {
    return null;
  }
}
