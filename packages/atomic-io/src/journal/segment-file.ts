import type { FileHandle } from "../file-system.ts";
import { errnoOf } from "../internal/errno.ts";
import { writeFully } from "../internal/write-fully.ts";

// The larger a segment the more is taken at once, up to here.
const maxAheadBytes = 1024 * 1024;

/**
 * A segment open for writing, which takes space ahead in steps, as much again as it holds: the write that needs more fills the rest with zeros, so that those
 * after it change no length and their sync is the cheaper for it. Readers take zeros at the end for the end.
 */
export class SegmentFile {
  readonly #handle: FileHandle;
  readonly #step: number;
  #offset: number;
  #allocated: number;
  #steps = 0;

  constructor(handle: FileHandle, start: { readonly offset: number; readonly allocated: number; readonly step: number }) {
    this.#handle = handle;
    this.#step = start.step;
    this.#offset = start.offset;
    this.#allocated = start.allocated;
  }

  /** Position of the next frame. */
  get offset(): number {
    return this.#offset;
  }

  /** True once more than the first step has been needed. */
  get hasGrown(): boolean {
    return this.#steps > 1;
  }

  /** Writes at the present position, which stays where it is until the bytes are accepted. */
  async write(bytes: Uint8Array): Promise<void> {
    const end = this.#offset + bytes.byteLength;
    const wanted = this.#step === 0 ? end : Math.ceil((end + Math.min(this.#offset, maxAheadBytes)) / this.#step) * this.#step;
    if (end > this.#allocated && wanted > end) {
      const padded = new Uint8Array(wanted - this.#offset);
      padded.set(bytes);
      try {
        await writeFully(this.#handle, padded, this.#offset);
        this.#allocated = wanted;
        this.#steps += 1;
        return;
      } catch (error) {
        // The zeros are a convenience: on a disk that is nearly full the bytes alone may still find room.
        if (errnoOf(error) !== "ENOSPC" && errnoOf(error) !== "EDQUOT") throw error;
      }
    }
    await writeFully(this.#handle, bytes, this.#offset);
    this.#allocated = Math.max(this.#allocated, end);
  }

  /** Moves on behind bytes that were written and synced. */
  accept(length: number): void {
    this.#offset += length;
  }

  datasync(): Promise<void> {
    return this.#handle.datasync();
  }

  /** Never fails: what was acknowledged has been synced, so nothing can be lost with a failure. */
  close(): Promise<void> {
    return this.#handle.close().catch(() => undefined);
  }
}
