import { errnoOf } from "./internal/errno.ts";
import type { FileSystem } from "./file-system.ts";
import { nodeFileSystem } from "./node-file-system.ts";

// What file systems answer that cannot sync a directory: Windows, and some network and FUSE file systems.
const unsupported = new Set(["EPERM", "EACCES", "EINVAL", "EISDIR", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EBADF"]);

/** True when an error says that the file system cannot sync a directory, rather than that the disk failed. */
export function syncIsUnsupported(error: unknown): boolean {
  return unsupported.has(errnoOf(error) ?? "");
}

/** Options of {@link syncDirectory}. */
export interface SyncDirectoryOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/**
 * Makes the names in a directory durable: files created, renamed or removed in it stay so after a power cut.
 *
 * @returns false where the file system cannot sync a directory, so that the caller can say what was achieved.
 * @throws the Node error when the sync fails: then nothing is known about the names.
 */
export async function syncDirectory(directory: string, options: SyncDirectoryOptions = {}): Promise<boolean> {
  const { fs = nodeFileSystem } = options;
  let handle;
  try {
    handle = await fs.open(directory, "directory");
  } catch (error) {
    // A directory that may be written but not read cannot be opened, hence not be synced.
    if (syncIsUnsupported(error)) return false;
    throw error;
  }
  try {
    await handle.sync();
    return true;
  } catch (error) {
    if (syncIsUnsupported(error)) return false;
    throw error;
  } finally {
    await handle.close();
  }
}
