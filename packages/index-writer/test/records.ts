import type { IndexRecord } from "@gov/index-writer";
import { digestBytes } from "@gov/schema/canonical";
import { type MemoryFileSystem } from "@gov/atomic-io/testing";
import { createMemoryLockHost } from "@gov/atomic-io/testing";
import { type ArtifactIndex, openIndex, type OpenIndexOptions } from "@gov/index-writer";

/** A record whose content follows from its path and a text. */
export function record(path: string, content: string = path, changes: Partial<IndexRecord> = {}): IndexRecord {
  return {
    path,
    id: path.replace(/\W/g, "-"),
    kind: "plan",
    version: "1.0.0",
    status: "draft",
    title: content,
    owners: ["team"],
    tags: ["Risk:Low"],
    digest: digestBytes(content),
    size: content.length,
    ...changes,
  };
}

let randomCalls = 0;

/** Bytes that differ from call to call, also after a simulated restart. */
export function countingRandom(length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32BE(++randomCalls, 0);
  return bytes;
}

/** Opens an index in memory; each opening is a process of its own, on a machine where nobody else runs. */
export function openInMemory(fs: MemoryFileSystem, options: OpenIndexOptions = {}): Promise<ArtifactIndex> {
  return openIndex("/repo", { fs, lockHost: createMemoryLockHost(), random: countingRandom, breathe: async () => undefined, ...options });
}
