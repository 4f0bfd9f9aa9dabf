import type { FileHandle } from "../file-system.ts";
import { readFully } from "../internal/write-fully.ts";

/** Gives the bytes of a file at a position, fewer where the file ends; `fresh` from the file itself and not from what was read before. */
export type ReadAt = (position: number, length: number, fresh?: "fresh") => Promise<Uint8Array>;

/** Bytes of a file from a position on. */
interface Window {
  readonly start: number;
  readonly bytes: Uint8Array;
  /** True when the file ended there. */
  readonly ended: boolean;
}

/** The window behind the present one, on its way; before it there is room for what the present one still holds of a frame that reaches over. */
interface Ahead {
  readonly room: Uint8Array;
  readonly window: Promise<Window | null>;
}

/**
 * Reads a file in windows, so that thousands of small frames cost few calls, and each window while the one before is looked at; what is returned stays valid. No
 * length that a damaged file claims makes it allocate more than the file holds. Before the file is closed, `settled` has to be waited for.
 */
export function readInWindows(handle: FileHandle, windowBytes: number): { readonly readAt: ReadAt; readonly settled: () => Promise<void> } {
  const overlap = Math.floor(windowBytes / 4);
  let window: Window = { start: 0, bytes: new Uint8Array(0), ended: false };
  let ahead: Ahead | null = null;
  const readWindow = async (start: number, length: number): Promise<Window> => {
    const left = Math.max(0, (await handle.stat()).size - start);
    // Not from a pool: what is kept of it would keep others' memory.
    const buffer = Buffer.allocUnsafeSlow(Math.min(Math.max(length, windowBytes), left));
    const got = await readFully(handle, buffer, start);
    return { start, bytes: buffer.subarray(0, got), ended: got === left || got < buffer.byteLength };
  };
  const readAhead = (): void => {
    if (window.ended || windowBytes < aheadBytes) return;
    const start = window.start + window.bytes.byteLength;
    const room = Buffer.allocUnsafeSlow(overlap + windowBytes);
    const next = readFully(handle, room.subarray(overlap), start).then((got) => ({
      start,
      bytes: room.subarray(overlap, overlap + got),
      ended: got < windowBytes,
    }));
    // A read that fails is made again when its bytes are needed, and fails then.
    ahead = { room, window: next.catch(() => null) };
  };
  /** The window from a position on, made of what is left of the present one and what was read ahead; null when that is not what is asked for. */
  const joined = async (position: number, length: number): Promise<Window | null> => {
    const next = await ahead?.window;
    if (ahead === null || next === null || next === undefined || position < window.start) return null;
    const kept = next.start - position;
    if (kept < 0 || kept > overlap || length > kept + next.bytes.byteLength) return null;
    ahead.room.set(window.bytes.subarray(position - window.start), overlap - kept);
    return { start: position, bytes: ahead.room.subarray(overlap - kept, overlap + next.bytes.byteLength), ended: next.ended };
  };
  const settled = async (): Promise<void> => void (await ahead?.window);
  return {
    readAt: async (position, length, fresh) => {
      const from = position - window.start;
      const inside = fresh === undefined && from >= 0 && (window.ended || from + length <= window.bytes.byteLength);
      if (!inside) {
        const next = fresh === undefined ? await joined(position, length) : null;
        await settled();
        ahead = null;
        window = next ?? (await readWindow(position, length));
        readAhead();
      }
      return window.bytes.subarray(position - window.start, position - window.start + length);
    },
    settled,
  };
}

/** Smaller windows are read when they are needed. */
const aheadBytes = 65_536;
