import { join } from "node:path";
import { AtomicIoError } from "../errors.ts";
import type { FileHandle } from "../file-system.ts";
import { failed } from "../internal/errno.ts";
import { writeFully } from "../internal/write-fully.ts";
import { syncDirectory } from "../sync-directory.ts";
import { encodeFrame, encodePayload, headerBytes, maxBatchBytes } from "./format.ts";
import { createSegment } from "./create-segment.ts";
import type { Journal, JournalPosition, JournalRecovery } from "./journal.ts";
import { currentName, type Segment } from "./layout.ts";
import { type JournalRecord, recordsOf } from "./scan-journal.ts";
import type { WriterStart } from "./writer-start.ts";

/** Records of one append, waiting for the commit that takes them. */
interface Waiting {
  readonly payload: Uint8Array;
  readonly count: number;
  readonly resolve: (position: JournalPosition) => void;
  readonly reject: (error: unknown) => void;
}

// What one commit takes at most, unless a single append is larger.
const groupBytes = 8 * 1024 * 1024;

/** The one holder of a journal: commits one group after the other, and stops for good at the first failure. */
export class JournalWriter implements Journal {
  readonly epoch: number;
  readonly recovered: JournalRecovery;
  readonly #start: WriterStart;
  readonly #identity: string;
  #segments: Segment[];
  #handle: FileHandle;
  #offset: number = headerBytes;
  #lastSeq: number;
  #chain: Uint8Array;
  #waiting: Waiting[] = [];
  #running: Promise<void> = Promise.resolve();
  #scheduled = false;
  #poison: AtomicIoError | undefined;
  #closed: Promise<void> | undefined;

  private constructor(start: WriterStart, opened: { readonly handle: FileHandle; readonly identity: string }) {
    this.#start = start;
    this.epoch = start.epoch;
    this.recovered = start.recovered;
    this.#segments = [...start.segments];
    this.#handle = opened.handle;
    this.#identity = opened.identity;
    this.#lastSeq = start.lastSeq;
    this.#chain = start.chain;
  }

  /** Opens the last segment, which is empty, for writing. */
  static async open(start: WriterStart): Promise<JournalWriter> {
    const handle = await start.fs.open((start.segments.at(-1) as Segment).path, "read-write");
    return new JournalWriter(start, { handle, identity: identityOf(await start.current.stat()) });
  }

  get firstSeq(): number {
    return (this.#segments[0] as Segment).header.firstSeq;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  async append(records: readonly Uint8Array[]): Promise<JournalPosition> {
    if (records.length === 0) throw new RangeError("Cannot append nothing: at least one record is required");
    // Copied now: the caller may reuse its buffers before the commit.
    const payload = encodePayload(records);
    if (payload.byteLength > maxBatchBytes)
      throw new RangeError(`Cannot append ${payload.byteLength} bytes: at most ${maxBatchBytes} are possible`);
    this.#mustBeUsable();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ payload, count: records.length, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      void this.#exclusively(() => this.#commitAll());
    });
  }

  async *read(fromSeq: number = this.firstSeq): AsyncGenerator<JournalRecord, void, undefined> {
    yield* recordsOf(this.#start.fs, this.#segments, { fromSeq, toSeq: this.#lastSeq });
  }

  async rotate(keepFromSeq: number): Promise<void> {
    this.#mustBeUsable();
    await this.#exclusively(async () => {
      this.#mustBeUsable();
      try {
        await this.#rotate(keepFromSeq);
      } catch (error) {
        throw this.#poisonWith(error);
      }
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#exclusively(async () => {
      await this.#handle.close();
      await this.#start.current.close();
    });
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #mustBeUsable(): void {
    if (this.#poison !== undefined) throw this.#poison;
    if (this.#closed !== undefined) {
      throw new AtomicIoError("ATOMIC_IO_JOURNAL_CLOSED", `Cannot write to the journal "${this.#start.directory}": it is closed`);
    }
  }

  /** Runs one thing at a time, in the order of the calls. */
  #exclusively(work: () => Promise<void>): Promise<void> {
    const run = this.#running.then(work);
    this.#running = run.catch(() => undefined);
    return run;
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        if (this.#poison !== undefined) throw this.#poison;
        let firstSeq = await this.#commit(group);
        for (const { count, resolve } of group) {
          resolve({ firstSeq, lastSeq: firstSeq + count - 1 });
          firstSeq += count;
        }
      } catch (error) {
        const poison = this.#poisonWith(error);
        for (const { reject } of group) reject(poison);
      }
    }
    this.#scheduled = false;
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let taken = 0;
    for (const { payload } of this.#waiting) {
      if (taken > 0 && bytes + payload.byteLength > groupBytes) break;
      bytes += payload.byteLength;
      taken += 1;
    }
    return this.#waiting.splice(0, taken);
  }

  async #commit(group: readonly Waiting[]): Promise<number> {
    const firstSeq = this.#lastSeq + 1;
    const count = group.reduce((sum, entry) => sum + entry.count, 0);
    const payload = group.length === 1 ? (group[0] as Waiting).payload : Buffer.concat(group.map((entry) => entry.payload));
    const frame = encodeFrame({ offset: this.#offset, firstSeq, count, payload, chain: this.#chain });
    await writeFully(this.#handle, frame.bytes, this.#offset);
    await this.#handle.datasync();
    // After the sync and before the acknowledgement: whoever fenced us off before now will read these records, whoever does so later will find us stopped.
    await this.#mustBeCurrent();
    this.#offset += frame.bytes.byteLength;
    this.#lastSeq += count;
    this.#chain = frame.chain;
    return firstSeq;
  }

  async #mustBeCurrent(): Promise<void> {
    const { fs, directory } = this.#start;
    const found = identityOf(await fs.stat(join(directory, currentName)));
    if (found === this.#identity) return;
    throw new AtomicIoError(
      "ATOMIC_IO_JOURNAL_SUPERSEDED",
      `Cannot acknowledge records in the journal "${directory}": another holder has opened it`,
      {
        details: { directory, epoch: this.epoch },
        hint: "open the journal again and look which records are there",
      },
    );
  }

  async #rotate(keepFromSeq: number): Promise<void> {
    const { fs, directory } = this.#start;
    const current = this.#segments.at(-1) as Segment;
    const hasRecords = this.#lastSeq >= current.header.firstSeq;
    if (hasRecords && keepFromSeq > this.#lastSeq) {
      await this.#mustBeCurrent();
      const next = await createSegment(this.#start, { epoch: this.epoch, firstSeq: this.#lastSeq + 1, chain: this.#chain });
      await this.#handle.close();
      this.#handle = await fs.open(next.path, "read-write");
      this.#offset = headerBytes;
      this.#segments.push(next);
    }
    while (this.#segments.length > 1 && (this.#segments[1] as Segment).header.firstSeq <= keepFromSeq) {
      await this.#mustBeCurrent();
      await fs.unlink((this.#segments[0] as Segment).path);
      // One at a time: were two names removed and only the younger's removal durable, a gap would stand in the journal.
      await syncDirectory(directory, { fs });
      this.#segments = this.#segments.slice(1);
    }
  }

  #poisonWith(error: unknown): AtomicIoError {
    if (this.#poison !== undefined) return this.#poison;
    const { directory } = this.#start;
    this.#poison =
      error instanceof AtomicIoError && error.code === "ATOMIC_IO_JOURNAL_SUPERSEDED"
        ? error
        : failed("ATOMIC_IO_JOURNAL_POISONED", `Cannot write to the journal "${directory}"`, {
            path: directory,
            step: "a commit",
            cause: error,
            hint: "what was acknowledged is safe; open the journal again, and check the disk",
          });
    return this.#poison;
  }
}

function identityOf(stat: { readonly device: bigint; readonly inode: bigint }): string {
  return `${stat.device}:${stat.inode}`;
}
