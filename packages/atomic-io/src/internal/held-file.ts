import type { FileHandle, FileSystem } from "../file-system.ts";
import { eitherOf } from "../node-file-system.ts";
import { errnoOf } from "./errno.ts";

/** A right that lasts for as long as its file stands under its name. */
export interface HeldFile {
  /** One look at the name: false once somebody has removed the file, whatever stands there now. */
  readonly holds: () => Promise<boolean>;
  /** Gives the right back; never fails, since whoever takes it next removes what is left. */
  readonly release: () => Promise<void>;
}

/**
 * Holds a file that the caller has just created. It stays open, so that its inode number cannot be given to another file. With `unique` its name is one that nobody
 * else ever uses, so that it need not be told from another file there.
 */
export async function holdFile(
  fs: FileSystem,
  file: { readonly path: string; readonly handle: FileHandle; readonly unique: boolean },
): Promise<HeldFile> {
  const { path, handle, unique } = file;
  const own = await handle.stat();
  const either = eitherOf(fs);
  const holds = async (): Promise<boolean> => {
    try {
      if (unique && either.mustStand !== undefined) {
        either.mustStand(path);
        return true;
      }
      const stat = either.stat(path);
      const { device, inode } = stat instanceof Promise ? await stat : stat;
      return inode === own.inode && device === own.device;
    } catch (error) {
      if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return false;
      throw error;
    }
  };
  return {
    holds,
    release: async () => {
      try {
        if (await holds()) await fs.unlink(path);
        await handle.close();
      } catch {
        // See above.
      }
    },
  };
}
