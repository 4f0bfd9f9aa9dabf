import { isAbsolute } from "node:path";
import { AtomicIoError } from "../errors.ts";
import { type Directory, directoryOf, inDirectory, type KnownDirectory, noDirectory, splitPath } from "./directory.ts";
import type { EitherFileSystem, Standing } from "./either-file-system.ts";
import { errnoOf, failed } from "./errno.ts";
import { isPending, type Steps, step } from "./steps.ts";

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
  readonly existing: Standing | null;
}

// As many links as Linux follows before it answers ELOOP.
const maxLinks = 40;

/**
 * Finds where a write to a path goes. A dangling link leads to the file it names, which the write then creates, as an open would. `known` may know a directory
 * already; `heldDirectory` is for renames alone.
 */
export function* resolveTarget(fs: EitherFileSystem, path: string, known: KnownDirectory = noDirectory): Steps<Target> {
  mustBePath(path);
  let current = path;
  for (let links = 0; links <= maxLinks; links++) {
    const { directory: parent, name } = splitPath(current);
    if (name === "" || name === "." || name === "..") throw notAFile(path, "directory");
    const directory = known(fs, parent) ?? (yield* directoryOf(fs, parent, path));
    const place = inDirectory(directory.path, name);
    let existing: Standing | null = null;
    try {
      const looked = fs.looks === undefined ? fs.lstat(place) : fs.looks.examine(place);
      existing = isPending(looked) ? yield* step(looked) : looked;
    } catch (error) {
      if (errnoOf(error) !== "ENOENT")
        throw failed("ATOMIC_IO_READ_FAILED", `Cannot examine "${place}"`, { path: place, step: "lstat", cause: error });
    }
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
export function targetIn(directory: Directory, name: string, existing: Standing | null): Target {
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

/** The refusal of a target that is not a regular file: replacing it would destroy a directory, a device or a pipe. */
export function notAFile(path: string, kind: string): AtomicIoError {
  return new AtomicIoError("ATOMIC_IO_NOT_A_FILE", `Cannot write "${path}": it is a ${kind}, a regular file is required`, {
    details: { path, kind },
  });
}
