import { basename, dirname, sep } from "node:path";
import type { EitherFileSystem, EitherHandle } from "./either-file-system.ts";
import { errnoOf, failed } from "./errno.ts";
import { KeptFiles } from "./kept-files.ts";
import { type Steps, step } from "./steps.ts";

/** A directory that this process writes in. */
export interface Directory {
  /** As the caller names it, links not followed: every call goes this way, so that none lands where the path led earlier. */
  readonly path: string;
  readonly real: string;
  /** Device and inode. */
  readonly identity: string;
  /** Owner that a new file last got here. */
  creator: { readonly uid: number; readonly gid: number } | null;
  /** The open directory, while one is held. */
  held: EitherHandle | null;
  /** How many syncs of it run, and whether one began since this was last looked at. */
  readonly use: { running: number; recent: boolean };
  /** Files in it that are held open as well. */
  readonly kept: KeptFiles;
}

const held = new WeakMap<EitherFileSystem, Map<string, Directory>>();

/** Finds the directory at a path as it is now. `given` is what the caller asked for, to name in an error. */
export function* directoryOf(fs: EitherFileSystem, path: string, given: string): Steps<Directory> {
  try {
    const stat = yield* step(fs.stat(path));
    return {
      path,
      identity: `${stat.device}:${stat.inode}`,
      real: yield* step(fs.realpath(path)),
      creator: null,
      held: null,
      use: { running: 0, recent: true },
      kept: new KeptFiles(),
    };
  } catch (error) {
    const hint = errnoOf(error) === "ENOENT" ? "create the directory first" : undefined;
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot write "${given}"`, { path: given, step: "finding its directory", cause: error, hint });
  }
}

/** How a directory is found before it is looked for: known already, or null. */
export type KnownDirectory = (fs: EitherFileSystem, path: string) => Directory | null;

/**
 * The directory of a path when it is held open, as it was when it was opened. Only for who then renames within the open directory: that fails when the path has
 * come to lead elsewhere.
 */
export const heldDirectory: KnownDirectory = (fs, path) => held.get(fs)?.get(path) ?? null;

/** For everyone else: each directory is looked for. */
export const noDirectory: KnownDirectory = () => null;

/** The same directory as held open already, or null. */
export function heldAs(fs: EitherFileSystem, { path, identity }: Directory): Directory | null {
  const known = held.get(fs)?.get(path);
  return known?.identity === identity ? known : null;
}

/** Remembers a directory that is held open. */
export function remember(fs: EitherFileSystem, directory: Directory): void {
  let directories = held.get(fs);
  if (directories === undefined) held.set(fs, (directories = new Map<string, Directory>()));
  directories.set(directory.path, directory);
}

/** Forgets a directory, so that its path is looked up again. */
export function forget(fs: EitherFileSystem, directory: Directory): void {
  if (held.get(fs)?.get(directory.path) === directory) held.get(fs)?.delete(directory.path);
}

/** Lets go of every file that is held open only to make the next replace of it faster. */
export function releaseKept(fs: EitherFileSystem): void {
  for (const { kept } of held.get(fs)?.values() ?? []) kept.releaseAll();
}

/** Gives back the space that replaced files take which are held open; false when there are none. */
export function giveBackSpace(fs: EitherFileSystem): Promise<boolean> | boolean {
  const directories = held.get(fs);
  if (directories === undefined) return false;
  const each = async (): Promise<boolean> => {
    const given = await Promise.all([...directories.values()].map(({ kept }) => kept.giveBack()));
    return given.includes(true);
  };
  return each();
}

/** The path of a directory and the name in it that a path consists of. */
export function splitPath(path: string): { readonly directory: string; readonly name: string } {
  const slash = path.lastIndexOf("/");
  // What is plain is split by one call; the rest is as the platform sees it.
  if (slash <= 0 || slash === path.length - 1 || path[slash - 1] === "/" || sep !== "/")
    return { directory: dirname(path), name: basename(path) };
  return { directory: path.slice(0, slash), name: path.slice(slash + 1) };
}

/** Joins a name to a directory's path without normalizing it: `a/..` must be resolved by the file system, since `a` may be a link. */
export function inDirectory(directory: string, name: string): string {
  return directory.endsWith("/") ? `${directory}${name}` : `${directory}/${name}`;
}
