import type { FileSystem } from "@gov/atomic-io";

/** Reads a whole file, or returns null when there is none; other failures are those of the file system. */
export async function readWhole(path: string, fs: FileSystem): Promise<Uint8Array | null> {
  const handle = await fs.open(path, "read").catch((error: unknown) => {
    if ((error as { code?: unknown }).code === "ENOENT") return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(size);
    let length = 0;
    for (let got = -1; got !== 0 && length < size; length += got) got = await handle.read(bytes.subarray(length), length);
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}
