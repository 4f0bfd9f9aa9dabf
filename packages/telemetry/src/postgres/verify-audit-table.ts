import type { Finding } from "@gov/schema";
import type { AuditReport, VerifyAuditLogOptions } from "../audit/audit-report.ts";
import { createLogPass } from "../audit/internal/scan-log.ts";
import type { TelemetryFindingCode } from "../finding-codes.ts";
import { auditRows } from "./internal/audit-rows.ts";
import type { PostgresClient } from "./postgres-client.ts";

/** Options of {@link verifyAuditTable}. */
export interface VerifyAuditTableOptions extends Omit<VerifyAuditLogOptions, "archives" | "path"> {
  /** Which log of the table. */
  readonly log: string;
}

/**
 * Verifies a log in PostgreSQL as `verifyAuditLog` does one of lines, and changes nothing; works beside writers, on what stood when each part was read, and asks for
 * the next part while it looks at the last. A line is the row's place. A row whose number is not that of its entry is `TELEMETRY_AUDIT_CHAIN_BROKEN`.
 */
export async function verifyAuditTable(client: PostgresClient, options: VerifyAuditTableOptions): Promise<AuditReport> {
  const { log, checkpoint, base } = options;
  const first = (base?.seq ?? 0) + 1;
  const pass = createLogPass({ checkpoint, base, path: log });
  const rows = auditRows(client, log);
  let next = first;
  let hasGap = false;
  for await (const block of rows.blocks(0)) {
    // Numbers without a gap, lines in their order, one to a row: then each row's number is its entry's, which the chain says.
    if (block.first !== next || block.last - block.first + 1 !== block.count) hasGap = true;
    next = block.last + 1;
    if (pass.feed(Buffer.from(block.text, "utf8")) !== block.count) hasGap = true;
  }
  const { report } = pass.finish();
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
