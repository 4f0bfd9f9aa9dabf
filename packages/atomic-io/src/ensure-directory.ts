import { dirname } from "node:path";
import type { FileSystem } from "./file-system.ts";
import { errnoOf, failed } from "./internal/errno.ts";
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
 * @throws {@link AtomicIoError} `ATOMIC_IO_CREATE_FAILED`; `ATOMIC_IO_COMMIT_UNCERTAIN` when the parent cannot be synced.
 */
export async function ensureDirectory(path: string, options: EnsureDirectoryOptions = {}): Promise<void> {
  const { fs = nodeFileSystem } = options;
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
  try {
    await fs.mkdir(path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EEXIST" && (await isDirectory(fs, path))) return;
    if (errno !== "ENOENT" || dirname(path) === path) {
      throw failed("ATOMIC_IO_CREATE_FAILED", `Cannot create the directory "${path}"`, { path, step: "mkdir", cause: error });
    }
    await ensureDirectory(dirname(path), { fs });
    await create(fs, path);
  }
}

async function isDirectory(fs: FileSystem, path: string): Promise<boolean> {
  try {
    return (await fs.stat(path)).kind === "directory";
  } catch {
    return false;
  }
}
