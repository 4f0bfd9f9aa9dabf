import type { FileSystem } from "@gov/atomic-io";

/** Returns the bytes of a file, or null when there is none. */
export async function readWholeFile(path: string, fs: FileSystem): Promise<Uint8Array | null> {
  let handle;
  try {
    handle = await fs.open(path, "read");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return null;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(size);
    let length = 0;
    while (length < size) {
      const got = await handle.read(bytes.subarray(length), length);
      if (got === 0) break;
      length += got;
    }
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}
