import type { AuditArchivePlan, AuditCheckpoint, AuditEntry, AuditLog, AuditReport, JoinInput } from "@gov/telemetry/audit";

/** The chained log of a root, wherever it is kept. */
export interface LogStore {
  /** What a person calls it. */
  readonly shown: string;
  /** Its entries and what verifying found, against a checkpoint when there is one; null where there is no log yet. */
  readonly read: (
    checkpoint?: AuditCheckpoint,
  ) => Promise<{ readonly entries: readonly AuditEntry[]; readonly report: AuditReport } | null>;
  /** Runs with the log open for appending, and closes it. */
  readonly append: <T>(run: (log: AuditLog) => Promise<T>) => Promise<T>;
  /** Cuts off a tail that does not hold, as a crash leaves it, and keeps its bytes beside the log; never what the checkpoint covers. */
  readonly setTailAside: (checkpoint?: AuditCheckpoint) => Promise<void>;
  /** The ends of the log, where a merge of branches has left several; a log with another flaw is refused. */
  readonly heads: () => Promise<readonly AuditCheckpoint[]>;
  /** Appends the entry that joins the ends that a merge of branches has left; null where there is one end. */
  readonly join: (input: JoinInput) => Promise<AuditEntry | null>;
  /** Moves the first entries into an archive, which goes on being read with the log; null where there is no log yet. */
  readonly archive: (throughSeq: number, options: { readonly isDryRun: boolean }) => Promise<AuditArchivePlan | null>;
}
