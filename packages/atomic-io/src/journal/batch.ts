import { encodeRecords, frameHeaderBytes, type FrameMemory, frameMemory, sealFrame } from "./format.ts";
import type { JournalPosition } from "./journal.ts";

/** An append that waits for its commit. */
interface Waiting {
  readonly count: number;
  readonly resolve: (position: JournalPosition) => void;
  readonly reject: (error: unknown) => void;
}

const firstBytes = 4096;

// A buffer up to here is kept for the batches to come.
const keptBytes = 1024 * 1024;

/**
 * What one commit takes: the records of several appends, written one behind the other where the frame will be, so that none is copied twice and a commit needs no
 * memory of its own.
 */
export class Batch {
  #memory: FrameMemory;
  #end = frameHeaderBytes;
  #count = 0;
  readonly #waiting: Waiting[] = [];

  /** Starts empty, in the memory of a batch that has been committed. */
  constructor(spare: FrameMemory | null) {
    this.#memory = spare ?? frameMemory(firstBytes);
  }

  /** Length of the records so far. */
  get bytes(): number {
    return this.#end - frameHeaderBytes;
  }

  /** Number of records. */
  get count(): number {
    return this.#count;
  }

  /** Copies in records that take so many bytes of a payload: the caller may reuse its buffers before the commit. */
  add(records: readonly Uint8Array[], bytes: number, waiting: Waiting): void {
    this.#makeRoom(this.#end + bytes + 8);
    this.#end = encodeRecords(this.#memory, this.#end, records);
    this.#count += records.length;
    this.#waiting.push(waiting);
  }

  /** The frame of all of them; it stands in the batch's memory. */
  seal(place: { readonly offset: number; readonly firstSeq: number; readonly chain: Uint8Array }): ReturnType<typeof sealFrame> {
    return sealFrame(this.#memory, this.#end, { ...place, count: this.#count });
  }

  /** Tells each append where its records stand. */
  resolve(firstSeq: number): void {
    let next = firstSeq;
    for (let index = 0; index < this.#waiting.length; index++) {
      const { count, resolve } = this.#waiting[index] as Waiting;
      resolve({ firstSeq: next, lastSeq: next + count - 1 });
      next += count;
    }
  }

  /** Tells each append that it failed. */
  reject(error: unknown): void {
    for (const { reject } of this.#waiting) reject(error);
  }

  /** The memory, once nothing of the frame is needed any more; null when it is too much to keep. */
  spare(): FrameMemory | null {
    return this.#memory.bytes.byteLength <= keptBytes ? this.#memory : null;
  }

  #makeRoom(wanted: number): void {
    const { bytes } = this.#memory;
    if (wanted <= bytes.byteLength) return;
    this.#memory = frameMemory(Math.max(wanted, 2 * bytes.byteLength));
    this.#memory.bytes.set(bytes.subarray(0, this.#end));
  }
}
