import type { FileHandle } from "../file-system.ts";
import { readFully } from "../internal/write-fully.ts";

/** Gives the bytes of a file at a position, fewer where the file ends; `fresh` from the file itself and not from what was read before. */
export type ReadAt = (position: number, length: number, fresh?: "fresh") => Promise<Uint8Array>;

/**
 * Reads a file in windows, so that thousands of small frames cost few calls; what is returned stays valid. No length that a damaged file claims makes it
 * allocate more than the file holds.
 */
export function readInWindows(handle: FileHandle, windowBytes: number = 1024 * 1024): ReadAt {
  let start = 0;
  let window = new Uint8Array(0);
  let ended = false;
  return async (position, length, fresh) => {
    const inside = fresh === undefined && position >= start && position + length <= start + window.byteLength;
    if (!inside && !(fresh === undefined && ended && position >= start)) {
      const left = Math.max(0, (await handle.stat()).size - position);
      const buffer = new Uint8Array(Math.min(Math.max(length, windowBytes), left));
      const got = await readFully(handle, buffer, position);
      start = position;
      window = buffer.subarray(0, got);
      ended = got === left || got < buffer.byteLength;
    }
    return window.subarray(position - start, position - start + length);
  };
}
