/**
 * A chained log that nobody can edit unseen: one canonical JSON line per entry, each naming the hash of the one before.
 *
 * @example Append two entries, edit the first, and see it named
 * ```ts
 * import assert from "node:assert/strict";
 * import { readFile } from "node:fs/promises";
 * import { openAuditLog, verifyAuditLog } from "@gov/telemetry/audit";
 *
 * const log = await openAuditLog("decisions.jsonl");
 * const waived = { time: "2024-01-15T10:00:00.000Z", kind: "WAIVER", actor: "ann", subject: "gate/schema_lint", payload: { days: 7 } };
 * await log.append([waived, { ...waived, kind: "CLOSED", payload: null }], { expectedSeq: 0 });
 * await log.close();
 *
 * const text = await readFile("decisions.jsonl", "utf8");
 * assert.equal(verifyAuditLog(new TextEncoder().encode(text)).ok, true);
 * const report = verifyAuditLog(new TextEncoder().encode(text.replace('"days":7', '"days":9')));
 * assert.deepEqual(report.firstAltered, { line: 1, seq: 1 });
 * ```
 *
 * @packageDocumentation
 */
export { type AuditEntry, auditEntryVersion, type AuditInput, maxEntryLength, toAuditInput } from "./entry.ts";
export type { AppendOptions, AuditLog } from "./audit-log.ts";
export type { AuditCheckpoint, AuditReport, VerifyAuditLogOptions } from "./audit-report.ts";
export {
  type AuditJournal,
  openAuditJournal,
  type OpenAuditJournalOptions,
  verifyAuditJournal,
  type VerifyAuditJournalOptions,
} from "./open-audit-journal.ts";
export { openAuditLog, type OpenAuditLogOptions } from "./open-audit-log.ts";
export { readAuditLog, verifyAuditLog } from "./verify-audit-log.ts";
