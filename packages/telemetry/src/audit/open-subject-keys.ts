import { hash } from "node:crypto";
import { join } from "node:path";
import { createFileOnce, ensureDirectory, type FileSystem, isAtomicIoError, nodeFileSystem, syncDirectory } from "@gov/atomic-io";
import { nodeRandomBytes } from "../node-random.ts";
import type { RandomBytes } from "../random.ts";
import { readWholeFile } from "./internal/read-whole-file.ts";
import type { SubjectKeys } from "./personal-data.ts";

/**
 * Keeps subjects' keys in a directory, one file each that only its owner may read, named by the SHA-256 of the subject. The directory must not be backed up where
 * erasing must hold: a copy of a key is a key. Destroying overwrites the file, removes it, and resolves once its absence survives a power cut.
 */
export async function openSubjectKeys(
  directory: string,
  {
    fs = nodeFileSystem,
    random = nodeRandomBytes,
  }: { readonly fs?: FileSystem | undefined; readonly random?: RandomBytes | undefined } = {},
): Promise<SubjectKeys> {
  await ensureDirectory(directory, { fs });
  const pathOf = (subject: string): string => join(directory, `${hash("sha256", subject, "hex")}.key`);
  const find = async (subject: string): Promise<Uint8Array | null> => {
    const key = await readWholeFile(pathOf(subject), fs);
    if (key === null || isDestroyed(key)) return null;
    if (key.length !== 32) throw new RangeError(`Cannot use "${pathOf(subject)}": a key has 32 bytes`);
    return key;
  };
  const remove = async (path: string): Promise<void> => {
    await fs.unlink(path);
    await syncDirectory(directory, { fs });
  };
  return {
    find,
    obtain: async (subject) => {
      const found = await find(subject);
      if (found !== null) return found;
      // A crash between overwriting a key and removing its file leaves zeros, which must never be taken for a key.
      if ((await readWholeFile(pathOf(subject), fs)) !== null) await remove(pathOf(subject));
      const key = random(32);
      try {
        await createFileOnce(pathOf(subject), key, { fs, mode: 0o600 });
        return key;
      } catch (error) {
        if (!isAtomicIoError(error) || error.code !== "ATOMIC_IO_TARGET_EXISTS") throw error;
        return (await find(subject)) ?? key;
      }
    },
    destroy: async (subject) => {
      const path = pathOf(subject);
      if ((await readWholeFile(path, fs)) === null) return;
      const handle = await fs.open(path, "read-write");
      try {
        await handle.write(new Uint8Array(32), 0);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await remove(path);
    },
  };
}

function isDestroyed(key: Uint8Array): boolean {
  return key.every((byte) => byte === 0);
}
