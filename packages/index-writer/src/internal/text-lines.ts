import type { FileSystem } from "@gov/atomic-io";
import { onDisk } from "./disk-failure.ts";

const chunkBytes = 256 * 1024;

/** Yields the lines of a UTF-8 file without their line feeds, the last one being what stands behind the last line feed. @throws TypeError when it is not UTF-8. */
export async function* textLines(fs: FileSystem, path: string): AsyncGenerator<string, void, undefined> {
  const handle = await onDisk(path, "open", () => fs.open(path, "read"));
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const { size } = await onDisk(path, "fstat", () => handle.stat());
    const chunk = new Uint8Array(Math.min(chunkBytes, size + 1));
    let rest = "";
    for (let position = 0; ;) {
      const at = position;
      const got = await onDisk(path, "read", () => handle.read(chunk, at));
      position += got;
      const lines = (rest + decoder.decode(chunk.subarray(0, got), { stream: got > 0 })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
      if (got === 0) break;
    }
    yield rest;
  } finally {
    await handle.close().catch(() => undefined);
  }
}
