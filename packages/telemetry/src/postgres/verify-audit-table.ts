import type { Finding } from "@gov/schema";
import type { AuditReport, VerifyAuditLogOptions } from "../audit/audit-report.ts";
import { scanLog } from "../audit/internal/scan-log.ts";
import type { TelemetryFindingCode } from "../finding-codes.ts";
import { auditRows } from "./internal/audit-rows.ts";
import type { PostgresClient } from "./postgres-client.ts";

/** Options of {@link verifyAuditTable}. */
export interface VerifyAuditTableOptions extends Omit<VerifyAuditLogOptions, "path"> {
  /** Which log of the table. */
  readonly log: string;
}

/**
 * Verifies a log in PostgreSQL as `verifyAuditLog` does one of lines, and changes nothing; works beside writers, on what stood when each page was read. A line is the
 * row's place. A row whose number is not that of its entry is `TELEMETRY_AUDIT_CHAIN_BROKEN`.
 */
export async function verifyAuditTable(client: PostgresClient, options: VerifyAuditTableOptions): Promise<AuditReport> {
  const { log, checkpoint, base } = options;
  const pages: Buffer[] = [];
  const first = (base?.seq ?? 0) + 1;
  let next = first;
  let hasGap = false;
  const rows = auditRows(client, log);
  for await (const page of rows.pages(0)) {
    // Numbers without a gap and lines in their order: then each row's number is its entry's, which the chain says.
    if (page.first !== next || page.last - page.first + 1 !== page.count) hasGap = true;
    next = page.last + 1;
    pages.push(Buffer.from(page.text, "utf8"));
  }
  const { report } = scanLog(Buffer.concat(pages), { checkpoint, base, path: log }, () => undefined);
  if (!report.ok || !hasGap) return report;
  const misplaced = await rows.firstGap(first);
  return {
    ...report,
    ok: false,
    firstAltered: { line: misplaced - first + 1, seq: misplaced },
    findings: [misplacedFinding(misplaced, log)],
  };
}

function misplacedFinding(seq: number, log: string): Finding {
  return {
    ...{ code: "TELEMETRY_AUDIT_CHAIN_BROKEN" satisfies TelemetryFindingCode, severity: "error", path: log, line: null, column: null },
    message: `The rows from entry ${String(seq)} on have other numbers than their entries`,
  };
}
