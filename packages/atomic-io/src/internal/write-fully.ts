import type { FileHandle } from "../file-system.ts";

/** The bytes of a text (UTF-8) or of any view, in the view's own order and whole: by `byteLength`, not by element count. */
export function bytesOf(data: string | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data, "utf8");
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw new TypeError(`Cannot write data of type "${typeof data}": a string or an ArrayBufferView is required`);
}

/**
 * Writes every byte from a position on (null: at the end). A file system may take fewer bytes than given, and the call after it may then report the
 * full disk, so the loop goes on until all are taken or a call fails.
 */
export async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number | null): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const taken = await handle.write(bytes.subarray(done), position === null ? null : position + done);
    if (taken <= 0) throw Object.assign(new Error("The file system took no byte"), { code: "EIO" });
    done += taken;
  }
}

/** Reads into the whole buffer from a position on; returns how many bytes there were before the end of the file. */
export async function readFully(handle: FileHandle, buffer: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < buffer.byteLength) {
    const got = await handle.read(buffer.subarray(done), position + done);
    if (got === 0) break;
    done += got;
  }
  return done;
}
