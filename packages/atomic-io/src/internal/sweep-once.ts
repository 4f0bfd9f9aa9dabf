import type { FileSystem } from "../file-system.ts";
import { sweepTemporaries } from "../sweep-temporaries.ts";
import type { Directory } from "./directory.ts";

const swept = new WeakMap<FileSystem, Set<string>>();

/** Sweeps a directory in the background the first time this process has written in it; nobody waits for it and nobody is told of its failures. */
export function sweepOnce(fs: FileSystem, directory: Directory): void {
  let identities = swept.get(fs);
  if (identities === undefined) swept.set(fs, (identities = new Set()));
  if (identities.has(directory.identity)) return;
  identities.add(directory.identity);
  sweepTemporaries(directory.path, { fs }).catch(() => undefined);
}
