import { dirname } from "node:path";
import type { FileSystem } from "./file-system.ts";
import { errnoOf, failed } from "./internal/errno.ts";
import { mustBePath } from "./internal/resolve-target.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { syncDirectory } from "./sync-directory.ts";

/** Options of {@link ensureDirectory}. */
export interface EnsureDirectoryOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/**
 * Creates a directory, and those above it, unless they exist, and makes its name durable: what is written into a directory is lost with the directory's own
 * name. The parent is synced also when the directory was there, since whoever created it may have died before doing so.
 *
 * @throws TypeError without a path; {@link AtomicIoError} `ATOMIC_IO_CREATE_FAILED`; `ATOMIC_IO_COMMIT_UNCERTAIN` when the parent cannot be synced.
 */
export async function ensureDirectory(path: string, options: EnsureDirectoryOptions = {}): Promise<void> {
  const { fs = nodeFileSystem } = options;
  mustBePath(path);
  await create(fs, path);
  try {
    await syncDirectory(dirname(path), { fs });
  } catch (error) {
    throw failed("ATOMIC_IO_COMMIT_UNCERTAIN", `Cannot make the directory "${path}" durable`, {
      path,
      step: "fsync of its parent",
      cause: error,
    });
  }
}

async function create(fs: FileSystem, path: string): Promise<void> {
  let refusal = await refusalOf(fs, path);
  if (errnoOf(refusal) === "ENOENT" && dirname(path) !== path) {
    await ensureDirectory(dirname(path), { fs });
    // Once more and no further: there are places where nothing can be created, such as a working directory that has been removed.
    refusal = await refusalOf(fs, path);
  }
  if (refusal !== null)
    throw failed("ATOMIC_IO_CREATE_FAILED", `Cannot create the directory "${path}"`, { path, step: "mkdir", cause: refusal });
}

/** Why there is no directory at the path after trying to create one; null when there is. */
async function refusalOf(fs: FileSystem, path: string): Promise<unknown> {
  try {
    await fs.mkdir(path);
    return null;
  } catch (error) {
    return errnoOf(error) === "EEXIST" && (await isDirectory(fs, path)) ? null : error;
  }
}

async function isDirectory(fs: FileSystem, path: string): Promise<boolean> {
  try {
    return (await fs.stat(path)).kind === "directory";
  } catch {
    return false;
  }
}
