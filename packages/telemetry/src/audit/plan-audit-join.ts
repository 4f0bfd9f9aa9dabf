import type { AuditCheckpoint, VerifyAuditLogOptions } from "./audit-report.ts";
import { refusal } from "./internal/refusal.ts";
import { scanLog } from "./internal/scan-log.ts";
import { settleLines } from "./internal/settle-lines.ts";

/** What joining a log finds. */
export interface AuditJoinPlan {
  /** The lines of the log, each once and behind what it names; as they were where nothing is to settle. */
  readonly lines: Uint8Array;
  /** The ends that are to be joined, the first parent first; a single one, or none, is no fork. */
  readonly heads: readonly AuditCheckpoint[];
}

/**
 * Plans what `joinAuditLog` does, from the bytes of the log and its archives.
 *
 * @throws TelemetryError `TELEMETRY_AUDIT_CORRUPT` when the log has a flaw beside the fork.
 */
export function planAuditJoin(bytes: Uint8Array, options: VerifyAuditLogOptions & { readonly path: string }): AuditJoinPlan {
  const lines = settleLines(bytes, options.archives);
  const { report } = scanLog(lines, options);
  if (report.findings.some(({ code }) => code !== "TELEMETRY_AUDIT_FORK_UNJOINED")) throw refusal(options.path, { report, isTorn: false });
  return { lines, heads: report.heads };
}
