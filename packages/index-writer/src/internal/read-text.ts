import type { FileSystem } from "@gov/atomic-io";
import { diskFailure } from "./disk-failure.ts";

/** Reads a whole file as UTF-8 text, or null when it does not stand there. */
export async function readText(fs: FileSystem, path: string): Promise<string | null> {
  let handle;
  try {
    handle = await fs.open(path, "read");
  } catch (error) {
    if (error instanceof Error && (error as { code?: unknown }).code === "ENOENT") return null;
    throw diskFailure(error, path, "open");
  }
  try {
    const chunks: Uint8Array[] = [];
    let position = 0;
    for (;;) {
      // One byte more than is expected, so that the end shows in the same read.
      const chunk = new Uint8Array(Math.max(1, (await handle.stat()).size - position + 1));
      const got = await handle.read(chunk, position);
      if (got === 0) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
      chunks.push(chunk.subarray(0, got));
      position += got;
    }
  } catch (error) {
    throw diskFailure(error, path, "read");
  } finally {
    await handle.close().catch(() => undefined);
  }
}
