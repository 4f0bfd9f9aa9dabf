import type { FileStat, FileSystem } from "../file-system.ts";
import { inDirectory } from "../internal/directory.ts";
import { errnoOf } from "../internal/errno.ts";
import { isTemporaryName } from "../temp-name.ts";

/** Which names of a directory are watched: one of them, or all; never the temporaries of this package. */
export interface WatchedNames {
  readonly fs: FileSystem;
  readonly directory: string;
  readonly only: string | null;
}

/** True when changes of that name are delivered. */
export function isWatched({ only }: WatchedNames, name: string): boolean {
  return only === null ? !isTemporaryName(name) : name === only;
}

/** The names there are now, and those known before, sorted by code unit. */
export async function listWatched(names: WatchedNames, known: Iterable<string>): Promise<readonly string[]> {
  if (names.only !== null) return [names.only];
  const present = await orNothing(() => names.fs.readdir(names.directory));
  return [...new Set([...(present ?? []).filter((name) => isWatched(names, name)), ...known])].sort();
}

/** The state of the file that a name leads to, null for none; directories, pipes and devices are no files. */
export async function statWatched({ fs, directory }: WatchedNames, name: string): Promise<FileStat | null> {
  const stat = await orNothing(() => fs.stat(inDirectory(directory, name)));
  return stat?.kind === "file" ? stat : null;
}

/** Same as long as no other file is put in its place. The number of an inode is given away again as soon as its file is gone: only the birth tells the next one apart. */
export function fileOf(stat: FileStat | null): string {
  return stat === null ? "" : `${stat.device}:${stat.inode}:${stat.bornNs}`;
}

/** Same as long as nobody has written to the file or put another one in its place. */
export function identityOf(stat: FileStat | null): string {
  return stat === null ? "" : `${fileOf(stat)}:${stat.size}:${stat.modifiedNs}:${stat.changedNs}`;
}

async function orNothing<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return null;
    throw error;
  }
}
