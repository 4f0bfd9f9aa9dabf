import { basename, isAbsolute } from "node:path";
import type { FileStat } from "../file-system.ts";
import { AtomicIoError } from "../errors.ts";
import { type Directory, directoryOf, type heldDirectoryOf, inDirectory } from "./directory.ts";
import type { EitherFileSystem } from "./either-file-system.ts";
import { errnoOf, failed } from "./errno.ts";
import { type Steps, step } from "./steps.ts";

/** Where a write really goes: links followed, the parent's identity known. */
export interface Target {
  /** The path to call the file system with. */
  readonly path: string;
  /** The real path, to tell people and callers. */
  readonly real: string;
  readonly directory: Directory;
  readonly name: string;
  /** Same for every path that leads to this name: the parent's inode and the name in it. */
  readonly key: string;
  /** What stood there, null when nothing did. */
  readonly existing: FileStat | null;
}

// As many links as Linux follows before it answers ELOOP.
const maxLinks = 40;

/**
 * Finds where a write to a path goes. A dangling link leads to the file it names, which the write then creates, as an open would. `find` looks up directories;
 * {@link heldDirectoryOf} is for renames alone.
 */
export function* resolveTarget(
  fs: EitherFileSystem,
  path: string,
  find: typeof directoryOf | typeof heldDirectoryOf = directoryOf,
): Steps<Target> {
  mustBePath(path);
  let current = path;
  for (let links = 0; links <= maxLinks; links++) {
    const name = basename(current);
    if (name === "" || name === "." || name === "..") throw notAFile(path, "directory");
    const directory = yield* find(fs, current, path);
    const place = inDirectory(directory.path, name);
    const existing = yield* lstatOrNull(fs, place);
    if (existing?.kind !== "symlink") return targetIn(directory, name, existing);
    const linked = yield* step(fs.readlink(place));
    current = isAbsolute(linked) ? linked : inDirectory(directory.path, linked);
  }
  throw failed("ATOMIC_IO_READ_FAILED", `Cannot resolve "${path}"`, {
    path,
    step: "following links",
    cause: Object.assign(new Error("Too many symbolic links"), { code: "ELOOP" }),
  });
}

/** A name in a directory as a target. */
export function targetIn(directory: Directory, name: string, existing: FileStat | null): Target {
  return {
    path: inDirectory(directory.path, name),
    real: inDirectory(directory.real, name),
    directory,
    name,
    key: `${directory.identity}/${name}`,
    existing,
  };
}

/** Refuses what cannot be a path. */
export function mustBePath(path: unknown): void {
  if (typeof path !== "string" || path === "") throw new TypeError("Cannot write without a path: a non-empty string is required");
  if (path.includes("\0")) throw new TypeError("Cannot write to a path with a NUL character");
}

/** The state of a path without following it, or null when nothing stands there. */
function* lstatOrNull(fs: EitherFileSystem, path: string): Steps<FileStat | null> {
  try {
    return yield* step(fs.lstat(path));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot examine "${path}"`, { path, step: "lstat", cause: error });
  }
}

/** The refusal of a target that is not a regular file: replacing it would destroy a directory, a device or a pipe. */
export function notAFile(path: string, kind: string): AtomicIoError {
  return new AtomicIoError("ATOMIC_IO_NOT_A_FILE", `Cannot write "${path}": it is a ${kind}, a regular file is required`, {
    details: { path, kind },
  });
}
