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

/** Holds a file that the caller has just created. It stays open, so that its inode number cannot be given to another file. */
export async function holdFile(fs: FileSystem, path: string, handle: FileHandle): Promise<HeldFile> {
  const own = await handle.stat();
  const { isStill } = eitherOf(fs);
  const holds = async (): Promise<boolean> => {
    try {
      if (isStill !== undefined) return isStill(path, own);
      const { device, inode } = await fs.stat(path);
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
