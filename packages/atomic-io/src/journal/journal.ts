import type { JournalRecord } from "./scan-journal.ts";

/** What opening a journal found and did. */
export interface JournalRecovery {
  /** Records found, that is kept from before. */
  readonly records: number;
  /** Segments found. */
  readonly segments: number;
  /** Bytes of a commit that a crash had cut short and nobody was told of; they were copied aside and cut off. */
  readonly tornBytes: number;
  /** Where they were copied; null when there were none, or when the disk had no room for the copy and they stay where they are, read by nobody. */
  readonly tornCopy: string | null;
}

/** Where appended records stand. */
export interface JournalPosition {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** A journal open for reading alone: what was whole at the moment of opening. */
export interface JournalView {
  /** Epoch that may write, 0 before there is one. */
  readonly epoch: number;
  /** Sequence number of the oldest record kept; one more than `lastSeq` when none is. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Yields the records from a sequence number on, in order, checked again while they are read; RangeError when that is no whole number. @defaultValue from the oldest */
  readonly read: (fromSeq?: number) => AsyncGenerator<JournalRecord, void, undefined>;
}

/** Options of `rotate`. */
export interface RotateOptions {
  /** Directory for the segments that this journal, and no other, no longer needs, on the same file system; created when missing. @default none, they are removed */
  readonly archive?: string | undefined;
}

/** A journal open for writing. */
export interface Journal extends JournalView, AsyncDisposable {
  /** The epoch of this holder. */
  readonly epoch: number;
  readonly recovered: JournalRecovery;
  /**
   * Appends records as one commit, all or none, and resolves once they survive a power cut. Appends made while a commit is under way share the next one.
   *
   * @throws RangeError for no record, or more than 256 MiB; TypeError for a record that is no `Uint8Array`.
   * @throws {@link AtomicIoError} `ATOMIC_IO_JOURNAL_SUPERSEDED` when another holder has opened the journal: the records are not acknowledged, whatever was
   * written; `ATOMIC_IO_JOURNAL_POISONED` after any failed write or sync: open the journal anew; `ATOMIC_IO_JOURNAL_CLOSED`.
   */
  readonly append: (records: readonly Uint8Array[]) => Promise<JournalPosition>;
  /**
   * Drops whole segments that hold only records before `keepFromSeq`, and starts a new one where needed, in space that is kept in reserve. With `archive`
   * they are moved there, for `readArchive`.
   *
   * @throws RangeError when `keepFromSeq` is no whole number.
   * @throws {@link AtomicIoError} as `append` does; `ATOMIC_IO_WRITE_FAILED` with `details.errno` `ENOSPC` when there is neither reserve nor room: nothing has
   * changed then, and the journal can be appended to.
   */
  readonly rotate: (keepFromSeq: number, options?: RotateOptions) => Promise<void>;
  /** Waits for appends under way, then closes; a second call does nothing. */
  readonly close: () => Promise<void>;
}
