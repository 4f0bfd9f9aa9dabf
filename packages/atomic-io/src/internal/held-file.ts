import type { FileHandle, FileSystem } from "../file-system.ts";
import { eitherOf } from "../node-file-system.ts";
import { errnoOf } from "./errno.ts";

/** A right that lasts for as long as its file stands under its name. */
export interface HeldFile {
  /** One look at the name: false once somebody has removed the file, whatever stands there now. */
  readonly holds: () => Promise<boolean>;
  /** The same look without a promise: true when it holds for certain; false says nothing, then {@link HeldFile.holds} has to be asked. */
  readonly holdsForCertain: () => boolean;
  /** Gives the right back; never fails, since whoever takes it next removes what is left. */
  readonly release: () => Promise<void>;
}

/**
 * Holds a file that the caller has just created. It stays open, so that its inode number cannot be given to another file. Where `nameIsUnique` says that its name
 * is never given to another one, that something stands there is enough.
 */
export async function holdFile(
  fs: FileSystem,
  path: string,
  file: { readonly handle: FileHandle; readonly nameIsUnique: boolean },
): Promise<HeldFile> {
  const { handle, nameIsUnique } = file;
  const own = await handle.stat().catch(async (error: unknown) => {
    await handle.close().catch(() => undefined);
    throw error;
  });
  const { looks } = eitherOf(fs);
  const isStill = looks?.isStill(path, own);
  const holds = async (): Promise<boolean> => {
    try {
      if (isStill !== undefined) return isStill();
      const { device, inode } = await fs.stat(path);
      return inode === own.inode && device === own.device;
    } catch (error) {
      if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return false;
      throw error;
    }
  };
  return {
    holds,
    holdsForCertain: certainly(looks === undefined ? undefined : nameIsUnique ? () => looks.stands(path) : isStill),
    release: async () => {
      try {
        if (await holds()) await fs.unlink(path);
      } catch {
        // See above.
      } finally {
        await handle.close().catch(() => undefined);
      }
    },
  };
}

function certainly(look: (() => boolean) | undefined): () => boolean {
  return () => {
    try {
      return look?.() === true;
    } catch {
      return false;
    }
  };
}
