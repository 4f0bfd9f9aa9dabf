import type { AuditEntry, AuditInput } from "./entry.ts";
import type { AuditCheckpoint } from "./audit-report.ts";

/** Options of {@link AuditLog.append}. */
export interface AppendOptions {
  /** Number of the last entry the caller knows of, 0 for an empty log; `any` for what was decided on no state, such as a measurement. */
  readonly expectedSeq: number | "any";
}

/** An append-only chained log with one writer at a time: the `EntryLog` port, whatever store is behind it. */
export interface AuditLog extends AsyncDisposable {
  /** Last entry that survives a power cut, or null while the log is empty. */
  readonly head: () => AuditCheckpoint | null;
  /**
   * Appends entries in order and resolves with them once they survive a power cut. Appends made while a write is under way share the next one, with one
   * sync for all. A batch is atomic in a journal; in a file of lines some of its first entries may stand after a crash.
   *
   * @throws {@link TelemetryError} `TELEMETRY_SEQUENCE_CONFLICT` when the log goes on beyond `expectedSeq`: nothing was written; read, decide again, retry.
   * `TELEMETRY_AUDIT_UNCERTAIN` when writing failed: open the log again to see what stands. `TELEMETRY_AUDIT_CLOSED`, `TELEMETRY_AUDIT_CORRUPT`.
   * @throws RangeError when an entry is out of bounds; nothing was written.
   * @throws SchemaError `SCHEMA_NOT_CANONICAL` when a payload is no JSON, or nests deeper than a line can; nothing was written.
   */
  readonly append: (entries: readonly AuditInput[], options: AppendOptions) => Promise<readonly AuditEntry[]>;
  /**
   * Yields the entries from a sequence number on, as they stand when asked.
   *
   * @throws RangeError when that is no whole number. {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT` when what was verified before has changed.
   */
  readonly read: (fromSeq?: number) => AsyncIterable<AuditEntry>;
  /** Lets go of the lock; waits for appends under way. */
  readonly close: () => Promise<void>;
}
