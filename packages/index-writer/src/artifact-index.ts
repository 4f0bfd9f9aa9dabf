import type { Digest } from "@gov/schema/canonical";
import type { IndexRecord } from "./index-record.ts";
import type { IndexQuery } from "./query.ts";

/** Every step of the recovery, in the order of the playbook (IDX-02). */
export const recoverySteps = ["detect_stale_lock", "replay_journal", "verify_checksums", "rebuild", "rotate_journal", "resume"] as const;

/** What one step of the recovery did. */
export interface RecoveryStep {
  readonly step: (typeof recoverySteps)[number];
  readonly outcome: "done" | "not_needed";
  /** One sentence for people. */
  readonly detail: string;
}

/** What opening an index found and did. */
export interface IndexRecovery {
  /** All steps, in order. */
  readonly steps: readonly RecoveryStep[];
  /** Changes taken from the journal. */
  readonly replayed: number;
  /** Bytes of a change that a crash had cut short and nobody was told of. */
  readonly tornBytes: number;
  readonly rebuilt: boolean;
}

/** What a checkpoint wrote. */
export interface CheckpointResult {
  readonly count: number;
  readonly digest: Digest;
  /** False when the index file already said all of it. */
  readonly written: boolean;
}

/** An index open for writing, by one process at a time. Reading shows what has been acknowledged. */
export interface ArtifactIndex extends AsyncDisposable {
  readonly recovery: IndexRecovery;
  /**
   * Adds or replaces records by path, all or none, and resolves once they survive a power cut. A record that says nothing new costs nothing (AIO-06).
   *
   * @throws {@link IndexError} `INDEX_RECORD_INVALID`, `INDEX_CLOSED`; `INDEX_TOO_LARGE` for more than some 255 MiB of records: nothing has changed.
   */
  readonly put: (...records: readonly IndexRecord[]) => Promise<void>;
  /** Removes records by path, all or none; a path without a record costs nothing. */
  readonly remove: (...paths: readonly string[]) => Promise<void>;
  /** Puts and removes as one change, all or none; a path that both name is put. */
  readonly change: (changes: {
    readonly put?: readonly IndexRecord[] | undefined;
    readonly remove?: readonly string[] | undefined;
  }) => Promise<void>;
  readonly get: (path: string) => IndexRecord | undefined;
  /** All records, sorted by path. */
  readonly list: () => readonly IndexRecord[];
  /** Records that fit, sorted by path. */
  readonly query: (query: IndexQuery) => readonly IndexRecord[];
  /** Writes `artifacts_index.json` and drops the part of the journal that it now holds. */
  readonly checkpoint: () => Promise<CheckpointResult>;
  /** Waits for changes under way, then lets the next writer in; a second call does nothing. It writes no checkpoint. */
  readonly close: () => Promise<void>;
}
