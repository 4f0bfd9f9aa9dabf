import { hash } from "node:crypto";
import { join } from "node:path";
import { createFileOnce, ensureDirectory, type FileSystem, isAtomicIoError, nodeFileSystem, syncDirectory } from "@gov/atomic-io";
import { nodeRandomBytes } from "../node-random.ts";
import type { RandomBytes } from "../random.ts";
import { readWholeFile } from "./internal/read-whole-file.ts";
import type { SubjectKeys } from "./personal-data.ts";

/**
 * Keeps subjects' keys in a directory, one file each that only its owner may read, named by the SHA-256 of the subject. The directory must not be backed up where
 * erasing must hold: a copy of a key is a key. Destroying overwrites the file, removes it, and resolves once its absence survives a power cut. Calls for one subject
 * wait for each other; two processes must not destroy and obtain one subject's key at the same time.
 *
 * @throws RangeError from what it returns when a file has not the 32 bytes of a key.
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
    if (key.length !== keyLength) throw new RangeError(`Cannot use "${pathOf(subject)}": a key has 32 bytes`);
    return key;
  };
  const remove = async (path: string): Promise<void> => {
    await fs.unlink(path);
    await syncDirectory(directory, { fs });
  };
  const obtain = async (subject: string): Promise<Uint8Array> => {
    for (;;) {
      const found = await find(subject);
      if (found !== null) return found;
      // A crash between overwriting a key and removing its file leaves zeros, which must never be taken for a key.
      if ((await readWholeFile(pathOf(subject), fs)) !== null) await remove(pathOf(subject));
      const key = random(32);
      try {
        await createFileOnce(pathOf(subject), key, { fs, mode: 0o600 });
        return key;
      } catch (error) {
        // Another process has made one: it is looked for again.
        if (!isAtomicIoError(error) || error.code !== "ATOMIC_IO_TARGET_EXISTS") throw error;
      }
    }
  };
  const destroy = async (subject: string): Promise<void> => {
    const path = pathOf(subject);
    if ((await readWholeFile(path, fs)) === null) return;
    const handle = await fs.open(path, "read-write");
    try {
      const zeros = new Uint8Array(keyLength);
      for (let at = 0; at < keyLength;) {
        const taken = await handle.write(zeros.subarray(at), at);
        if (taken === 0) throw new Error(`Cannot overwrite "${path}": the file system took no byte`);
        at += taken;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await remove(path);
  };
  const inTurn = createTurns();
  return {
    find,
    obtain: (subject) => inTurn(subject, () => obtain(subject)),
    destroy: (subject) => inTurn(subject, () => destroy(subject)),
  };
}

const keyLength = 32;

/** Only what overwriting leaves: a file that was cut short is damaged, and nobody has destroyed its key. */
function isDestroyed(key: Uint8Array): boolean {
  return key.length === keyLength && key.every((byte) => byte === 0);
}

/** Runs what is done under one name one after the other. */
function createTurns(): <T>(name: string, run: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (name, run) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(run, run);
    last.set(name, turn);
    const forget = (): void => {
      if (last.get(name) === turn) last.delete(name);
    };
    void turn.then(forget, forget);
    return turn;
  };
}
