import { createFileOnce, type FileSystem, isAtomicIoError } from "@gov/atomic-io";
import { digestBytes } from "@gov/schema/canonical";

/** Keeps the bytes of a torn tail as evidence, durably, before they are cut off; doing it again after a crash changes nothing. */
export async function setAside(
  path: string,
  { fs, tail, length }: { readonly fs: FileSystem; readonly tail: Uint8Array; readonly length: number },
): Promise<void> {
  try {
    await createFileOnce(`${path}.torn-${digestBytes(tail).slice("sha256:".length, "sha256:".length + 16)}`, tail, { fs });
  } catch (error) {
    if (!isAtomicIoError(error) || error.code !== "ATOMIC_IO_TARGET_EXISTS") throw error;
  }
  const handle = await fs.open(path, "read-write");
  try {
    await handle.truncate(length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
