import { createRequire, syncBuiltinESMExports } from "node:module";
import { open } from "node:fs/promises";

/** How often this process has asked the kernel to sync a file or a directory. */
export interface SyncCount {
  readonly total: () => number;
}

interface Syncing {
  fsync: (...args: never[]) => unknown;
  fsyncSync: (...args: never[]) => unknown;
  fdatasync: (...args: never[]) => unknown;
  fdatasyncSync: (...args: never[]) => unknown;
}

interface SyncingHandle {
  sync: () => Promise<void>;
  datasync: () => Promise<void>;
}

/**
 * Counts every `fsync` and `fdatasync` that JavaScript asks for from now on, through whichever of Node's interfaces.
 * Must run before the code it counts is loaded: some keep the functions they found when they were.
 */
export async function countSyncs(): Promise<SyncCount> {
  let total = 0;
  const counting = <T extends (...args: never[]) => unknown>(original: T): T =>
    function (this: unknown, ...args: never[]) {
      total++;
      return original.apply(this, args);
    } as T;
  const fs = createRequire(import.meta.url)("node:fs") as Syncing;
  for (const name of ["fsync", "fsyncSync", "fdatasync", "fdatasyncSync"] as const) fs[name] = counting(fs[name]);
  const handle = await open(import.meta.filename, "r");
  const prototype = Object.getPrototypeOf(handle) as SyncingHandle;
  await handle.close();
  for (const name of ["sync", "datasync"] as const) prototype[name] = counting(prototype[name]);
  syncBuiltinESMExports();
  return { total: () => total };
}
