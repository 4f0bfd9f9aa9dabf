import type { JsonValue } from "@gov/schema";

/** An entry as a client gives it. */
export interface StoreEntry {
  /** The client's own name for it, known for ever: 1 to 256 characters, no control characters. */
  readonly id: string;
  readonly payload: JsonValue;
}

/** An entry as the record has it. */
export interface StoredEntry extends StoreEntry {
  /** Place in the order, from 1, without gaps. */
  readonly seq: number;
  /** Epoch of the writer that committed it. */
  readonly epoch: number;
}

/** Where an entry of a commit stands. */
export interface CommittedEntry {
  readonly seq: number;
  /** True when the record already had it, with the same content: nothing was added. */
  readonly duplicate: boolean;
}

/** What {@link IndexStore.commit} takes. */
export interface StoreCommit {
  /** Epoch of the lease under which it is made. */
  readonly epoch: number;
  /** The last sequence number that the writer knows of. */
  readonly expectedSeq: number;
  /** At least one. */
  readonly entries: readonly StoreEntry[];
}

/** The right to commit, until it is released or someone with a higher epoch takes it. */
export interface StoreLease {
  /** Counts up with every holder and never repeats. */
  readonly epoch: number;
  /** The last sequence number when it was taken. */
  readonly seq: number;
  /** Aborts once the loss is known; until then only a commit tells. */
  readonly signal: AbortSignal;
  /** Lets the next one take it at once; a second call does nothing. */
  readonly release: () => Promise<void>;
}

/** Options of {@link IndexStore.acquire}. */
export interface AcquireOptions {
  /** How long to wait for another writer, in milliseconds; 0 tries once. @default 0 */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The record that many writers share: one order of entries without gaps, in which an id stands once. Time decides only who may try; whether a commit counts is
 * decided by epoch and sequence, at the commit itself.
 */
export interface IndexStore extends AsyncDisposable {
  /**
   * Takes the lease under the next epoch. Whoever held it before gets no commit through any more.
   *
   * @throws {@link IndexError} `INDEX_LOCKED` when the time is over; `INDEX_CORRUPT` and `INDEX_VERSION` when the record cannot be read.
   */
  readonly acquire: (options?: AcquireOptions) => Promise<StoreLease>;
  /**
   * Adds entries in their order, all or none, and resolves once they survive a power cut.
   *
   * @throws {@link IndexError} `INDEX_SUPERSEDED` when the epoch is not the highest any more; `INDEX_SEQUENCE_CONFLICT` when the record does not end at
   * `expectedSeq`, with the end in `details.seq`; `INDEX_ID_CONFLICT` for a known id with other content, in `details.id`, at `details.index` of the entries; `INDEX_COMMIT_UNCERTAIN` when it is not
   * known whether it was made: commit again, ids make that harmless.
   * @throws RangeError for an id that does not fit, or payloads of more than 255 MiB together: nothing was added.
   */
  readonly commit: (commit: StoreCommit) => Promise<readonly CommittedEntry[]>;
  /** The last sequence number; 0 while there is none. */
  readonly lastSeq: () => Promise<number>;
  /** Yields the entries from a sequence number on, in order. @defaultValue from the first */
  readonly read: (fromSeq?: number) => AsyncIterable<StoredEntry>;
  /** Releases what this holds; what it was given stays open. */
  readonly close: () => Promise<void>;
}
