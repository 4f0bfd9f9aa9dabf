import { basename, dirname, isAbsolute, join } from "node:path";
import type { FileStat, FileSystem } from "../file-system.ts";
import { AtomicIoError } from "../errors.ts";
import { errnoOf, failed } from "./errno.ts";

/** Where a write really goes: links followed, the parent's real path and identity known. */
export interface Target {
  readonly path: string;
  readonly directory: string;
  readonly name: string;
  /** Same for every path that leads to this name: the parent's inode and the name in it. */
  readonly key: string;
}

// As many links as Linux follows before it answers ELOOP.
const maxLinks = 40;

/** Finds where a write to a path goes. A dangling link leads to the file it names, which the write then creates, as an open would. */
export async function resolveTarget(fs: FileSystem, path: string): Promise<Target> {
  if (typeof path !== "string" || path === "") throw new TypeError("Cannot write without a path: a non-empty string is required");
  if (path.includes("\0")) throw new TypeError("Cannot write to a path with a NUL character");
  let current = path;
  for (let links = 0; links <= maxLinks; links++) {
    const name = basename(current);
    if (name === "" || name === "." || name === "..") throw notAFile(path, "directory");
    const { directory, identity } = await parentOf(fs, current, path);
    const real = join(directory, name);
    const stat = await lstatOrNull(fs, real);
    if (stat?.kind !== "symlink") return { path: real, directory, name, key: `${identity}/${name}` };
    const linked = await fs.readlink(real);
    // Not normalized: `a/../b` must be resolved by the file system, since `a` may itself be a link.
    current = isAbsolute(linked) ? linked : `${directory}/${linked}`;
  }
  throw failed("ATOMIC_IO_READ_FAILED", `Cannot resolve "${path}"`, {
    path,
    step: "following links",
    cause: Object.assign(new Error("Too many symbolic links"), { code: "ELOOP" }),
  });
}

/** The state of a path without following it, or null when nothing stands there. */
export async function lstatOrNull(fs: FileSystem, path: string): Promise<FileStat | null> {
  try {
    return await fs.lstat(path);
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

async function parentOf(fs: FileSystem, current: string, path: string): Promise<{ readonly directory: string; readonly identity: string }> {
  try {
    const directory = await fs.realpath(dirname(current));
    const stat = await fs.stat(directory);
    return { directory, identity: `${stat.device}:${stat.inode}` };
  } catch (error) {
    const hint = errnoOf(error) === "ENOENT" ? "create the directory first" : undefined;
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot write "${path}"`, { path, step: "finding its directory", cause: error, hint });
  }
}
