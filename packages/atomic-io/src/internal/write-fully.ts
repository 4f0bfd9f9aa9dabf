import type { FileHandle } from "../file-system.ts";
import type { EitherHandle } from "./either-file-system.ts";
import { isPending, runAsync, type Steps, step } from "./steps.ts";

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
export function* writeSteps(handle: EitherHandle, bytes: Uint8Array, position: number | null): Steps<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const rest = done === 0 ? bytes : bytes.subarray(done);
    const written = handle.write(rest, position === null ? null : position + done);
    const taken = isPending(written) ? yield* step(written) : written;
    if (taken <= 0) throw Object.assign(new Error("The file system took no byte"), { code: "EIO" });
    done += taken;
  }
}

/** Runs {@link writeSteps} and waits. */
export function writeFully(handle: FileHandle, bytes: Uint8Array, position: number | null): Promise<void> {
  return runAsync(writeSteps(handle, bytes, position));
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
