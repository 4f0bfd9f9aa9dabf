import { AtomicIoError } from "../errors.ts";
import { freeAside } from "../free-aside.ts";
import { failed } from "../internal/errno.ts";
import { syncDirectory } from "../sync-directory.ts";
import { archiveSegment } from "./archive.ts";
import { Batch } from "./batch.ts";
import { type FrameMemory, maxBatchBytes, payloadBytes } from "./format.ts";
import type { Journal, JournalPosition, JournalRecovery, RotateOptions } from "./journal.ts";
import type { Segment } from "./layout.ts";
import { type Reserve, reserveNext, startSegment } from "./next-segment.ts";
import { type JournalRecord, mustBeSeq, recordsOf } from "./scan-journal.ts";
import type { SegmentFile } from "./segment-file.ts";
import type { WriterStart } from "./writer-start.ts";

// What one commit takes at most, unless a single append is larger.
const groupBytes = 8 * 1024 * 1024;

// Freeing more than this keeps the calling thread longer than the calls that avoid it.
const quicklyFreedBytes = 1024 * 1024;

/** The one holder of a journal: commits one group after the other, and stops for good at the first failure. */
export class JournalWriter implements Journal {
  readonly epoch: number;
  readonly recovered: JournalRecovery;
  readonly #start: WriterStart;
  #segments: Segment[];
  #file: SegmentFile;
  /** Undefined until it is needed, null when there was no room for it. */
  #reserve: Reserve | null | undefined;
  #lastSeq: number;
  #chain: Uint8Array;
  readonly #waiting: Batch[] = [];
  /** The last batch that waits, which takes what is appended now. */
  #last: Batch | null = null;
  /** Memory of the last batch, for the next. */
  #spare: FrameMemory | null = null;
  #running: Promise<void> = Promise.resolve();
  #scheduled = false;
  #poison: AtomicIoError | undefined;
  #closed: Promise<void> | undefined;

  constructor(start: WriterStart) {
    this.#start = start;
    this.epoch = start.claim.epoch;
    this.recovered = start.recovered;
    this.#segments = [...start.segments];
    this.#file = start.file;
    this.#lastSeq = start.lastSeq;
    this.#chain = start.chain;
  }

  get firstSeq(): number {
    return (this.#segments[0] as Segment).header.firstSeq;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  append(records: readonly Uint8Array[]): Promise<JournalPosition> {
    // No async function, whose own promise around this one takes as long as the rest; what is thrown here rejects all the same.
    return new Promise((resolve, reject) => {
      const count = records.length;
      if (count === 0) throw new RangeError("Cannot append nothing: at least one record is required");
      const bytes = payloadBytes(records);
      if (bytes > maxBatchBytes) throw new RangeError(`Cannot append ${bytes} bytes: at most ${maxBatchBytes} are possible`);
      if (this.#poison !== undefined || this.#closed !== undefined) this.#mustBeUsable();
      const last = this.#last;
      const batch = last !== null && last.bytes + bytes <= groupBytes ? last : this.#newBatch();
      batch.add(records, bytes, { count, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      void this.#exclusively(() => this.#commitAll());
    });
  }

  async *read(fromSeq: number = this.firstSeq): AsyncGenerator<JournalRecord, void, undefined> {
    yield* recordsOf(this.#start.fs, this.#segments, { fromSeq, toSeq: this.#lastSeq });
  }

  async rotate(keepFromSeq: number, options: RotateOptions = {}): Promise<void> {
    mustBeSeq(keepFromSeq);
    this.#mustBeUsable();
    await this.#exclusively(async () => {
      this.#mustBeUsable();
      try {
        await this.#rotate(keepFromSeq, options.archive);
      } catch (error) {
        // Another holder may have removed what this one meant to.
        const lost: unknown = await this.#start.claim.mustHold().catch((reason: unknown) => reason);
        if (lost === undefined && hasChangedNothing(error)) throw error;
        throw this.#poisonWith(lost ?? error);
      }
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#exclusively(async () => {
      await this.#file.close();
      // Its space stays taken, for whoever opens the journal on a disk that is full by then.
      await this.#reserve?.handle.close().catch(() => undefined);
      await this.#start.claim.release();
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

  #newBatch(): Batch {
    const batch = new Batch(this.#spare);
    this.#spare = null;
    this.#waiting.push(batch);
    this.#last = batch;
    return batch;
  }

  async #commitAll(): Promise<void> {
    for (let batch = this.#waiting.shift(); batch !== undefined; batch = this.#waiting.shift()) {
      if (batch === this.#last) this.#last = null;
      try {
        if (this.#poison !== undefined) throw this.#poison;
        batch.resolve(await this.#commit(batch));
        this.#spare = batch.spare();
        if (this.#file.hasGrown && this.#reserve === undefined) this.#reserve = await reserveNext(this.#start);
      } catch (error) {
        batch.reject(this.#poisonWith(error));
      }
    }
    this.#scheduled = false;
  }

  async #commit(batch: Batch): Promise<number> {
    const firstSeq = this.#lastSeq + 1;
    const frame = batch.seal({ offset: this.#file.offset, firstSeq, chain: this.#chain });
    await this.#file.write(frame.bytes);
    await this.#file.datasync();
    // After the sync and before the acknowledgement: whoever takes over later reads these records, whoever did so before finds us stopped here.
    await this.#start.claim.mustHold();
    await this.#start.lease?.confirm();
    this.#file.accept(frame.bytes.byteLength);
    this.#lastSeq += batch.count;
    this.#chain = frame.chain;
    return firstSeq;
  }

  async #rotate(keepFromSeq: number, archive: string | undefined): Promise<void> {
    const { fs, directory } = this.#start;
    const current = this.#segments.at(-1) as Segment;
    const hasRecords = this.#lastSeq >= current.header.firstSeq;
    const reserve = this.#reserve ?? null;
    if (hasRecords && keepFromSeq > this.#lastSeq) {
      this.#reserve = undefined;
      const next = await startSegment(this.#start, { epoch: this.epoch, firstSeq: this.#lastSeq + 1, chain: this.#chain }, reserve);
      await this.#file.close();
      this.#file = next.file;
      this.#segments.push(next.segment);
    }
    while (this.#segments.length > 1 && (this.#segments[1] as Segment).header.firstSeq <= keepFromSeq) {
      await this.#start.claim.mustHold();
      const [dropped, next] = this.#segments as [Segment, Segment];
      if (archive !== undefined) await archiveSegment(fs, archive, { segment: dropped, lastSeq: next.header.firstSeq - 1 });
      const remove = (): Promise<void> => fs.unlink(dropped.path);
      const isLarge = (await fs.stat(dropped.path)).size > quicklyFreedBytes;
      await (isLarge ? freeAside(dropped.path, remove, { fs }) : remove());
      // One at a time: were two names removed and only the younger's removal durable, a gap would stand in the journal.
      await syncDirectory(directory, { fs });
      this.#segments = this.#segments.slice(1);
    }
    // After the removal, which may have made the room for it.
    if (reserve !== null) this.#reserve ??= await reserveNext(this.#start);
  }

  #poisonWith(error: unknown): AtomicIoError {
    if (this.#poison !== undefined) return this.#poison;
    const { directory } = this.#start;
    this.#poison =
      error instanceof AtomicIoError && lossCodes.has(error.code)
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

/** True when a new segment did not fit, or an old one could not be archived: then the journal is as it was. */
function hasChangedNothing(error: unknown): boolean {
  if (!(error instanceof AtomicIoError) || error.code === "ATOMIC_IO_COMMIT_UNCERTAIN") return false;
  const { errno, step } = error.details;
  return errno === "ENOSPC" || errno === "EDQUOT" || step === "link";
}

// The journal or the lease was taken by someone else: nothing is wrong with the disk.
const lossCodes = new Set(["ATOMIC_IO_JOURNAL_SUPERSEDED", "ATOMIC_IO_LEASE_LOST"]);
