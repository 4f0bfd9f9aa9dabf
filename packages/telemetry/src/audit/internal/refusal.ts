import { TelemetryError } from "../../errors.ts";
import type { AuditReport } from "../audit-report.ts";

/** The error for a log that does not hold: torn when a crash can have left it so, corrupt otherwise. */
export function refusal(path: string, { report, isTorn }: { readonly report: AuditReport; readonly isTorn: boolean }): TelemetryError {
  const reason = report.findings[0]?.message ?? "it became shorter";
  return new TelemetryError(isTorn ? "TELEMETRY_AUDIT_TORN" : "TELEMETRY_AUDIT_CORRUPT", `Cannot use the log "${path}": ${reason}`, {
    details: { path, report },
    hint: isTorn
      ? `Look at its tail; when a crash has left it, open with tornTail "set-aside"`
      : report.findings.every(({ code }) => code === "TELEMETRY_AUDIT_FORK_UNJOINED") && !report.ok
        ? "Join the ends of the merged branches first"
        : "Compare with a backup or another clone; nothing is appended to a log that does not hold",
  });
}
