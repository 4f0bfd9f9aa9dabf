import { dirname } from "node:path";
import { type FileSystem, syncDirectory } from "@gov/atomic-io";

/** Appends bytes with one sync, and one of the directory when the file is new; cuts the file back as far as it can when that fails. */
export async function appendBytes(
  path: string,
  bytes: Uint8Array,
  { fs, length, isNew }: { readonly fs: FileSystem; readonly length: number; readonly isNew: boolean },
): Promise<void> {
  const handle = await fs.open(path, "append");
  try {
    try {
      for (let written = 0; written < bytes.length;) {
        const taken = await handle.write(bytes.subarray(written), null);
        if (taken === 0) throw new Error(`Cannot write to "${path}": the file system took no byte`);
        written += taken;
      }
      await handle.sync();
    } catch (error) {
      // What cannot be cut back is a tail that does not hold, which opening the log finds.
      await handle.truncate(length).catch(() => undefined);
      throw error;
    }
  } finally {
    await handle.close();
  }
  if (isNew) await syncDirectory(dirname(await fs.realpath(path)), { fs });
}
