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
export { archiveAuditLog, type ArchiveAuditLogOptions } from "./archive-audit-log.ts";
export type { AppendOptions, AuditLog } from "./audit-log.ts";
export type { AuditArchive, AuditCheckpoint, AuditReport, VerifyAuditLogOptions } from "./audit-report.ts";
export { type AuditEntry, auditEntryVersion, type AuditInput, maxEntryLength, toAuditInput } from "./entry.ts";
export { type Folded, foldEntries, orderEntries } from "./fold-entries.ts";
export { joinAuditLog, type JoinInput } from "./join-audit-log.ts";
export { listAuditArchives } from "./list-audit-archives.ts";
export { type EntryProof, type ExtensionProof, holdsEntryProof, holdsExtensionProof, proveEntry, proveExtension } from "./log-proofs.ts";
export {
  type ConsistencyProof,
  type InclusionProof,
  merkleRoot,
  proveConsistency,
  proveInclusion,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";
export {
  type AuditJournal,
  openAuditJournal,
  type OpenAuditJournalOptions,
  verifyAuditJournal,
  type VerifyAuditJournalOptions,
} from "./open-audit-journal.ts";
export { openAuditLog, type OpenAuditLogOptions } from "./open-audit-log.ts";
export { openSubjectKeys } from "./open-subject-keys.ts";
export { openPersonalData, sealPersonalData, type SubjectKeys } from "./personal-data.ts";
export { type AuditArchivePlan, planAuditArchive, type PlanAuditArchiveOptions } from "./plan-audit-archive.ts";
export { type AuditJoinPlan, planAuditJoin } from "./plan-audit-join.ts";
export { type AuditQuery, matchesQuery } from "./query-entries.ts";
export {
  chainTo,
  checkpointAt,
  type CheckpointEnvelope,
  checkpointPayloadType,
  type CheckpointVerifier,
  type LogCheckpoint,
  signCheckpoint,
  type SignedCheckpoint,
  type Signer,
  verifyCheckpoint,
} from "./signed-checkpoint.ts";
export { isSealedData, type SealedData } from "../sealed-data.ts";
export { readAuditLog, verifyAuditFile, type VerifyAuditFileOptions, verifyAuditLog } from "./verify-audit-log.ts";
