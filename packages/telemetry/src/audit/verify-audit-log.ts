import type { AuditEntry } from "./entry.ts";
import type { AuditReport, VerifyAuditLogOptions } from "./audit-report.ts";
import { scanLog } from "./internal/scan-log.ts";

/**
 * Verifies a log from its bytes and changes nothing: edited, deleted, inserted, repeated and reordered entries are found, the first one named (TEL-06).
 * A tail that was cut off, and a chain that was rewritten from some entry on, show only against a checkpoint held outside the log.
 * A last line that does not hold may be an append that a crash interrupted: `TELEMETRY_AUDIT_TAIL_UNVERIFIED`, not ok, but tampering only when a checkpoint
 * covers it. Lines of merged branches may stand in any order in which each comes after what it names; an end that no entry joins is
 * `TELEMETRY_AUDIT_FORK_UNJOINED`.
 */
export function verifyAuditLog(bytes: Uint8Array, options: VerifyAuditLogOptions = {}): AuditReport {
  return scanLog(bytes, options, () => undefined).report;
}

/** Verifies a log and returns the entries up to the first that does not hold, beside the report of {@link verifyAuditLog}. */
export function readAuditLog(
  bytes: Uint8Array,
  options: VerifyAuditLogOptions = {},
): { readonly entries: readonly AuditEntry[]; readonly report: AuditReport } {
  const entries: AuditEntry[] = [];
  const { report } = scanLog(bytes, options, (entry) => entries.push(entry()));
  return { entries, report };
}
