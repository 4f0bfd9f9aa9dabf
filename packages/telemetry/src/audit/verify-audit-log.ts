import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import type { AuditEntry } from "./entry.ts";
import type { AuditReport, VerifyAuditLogOptions } from "./audit-report.ts";
import { feedLog } from "./internal/feed-file.ts";
import { createLogPass, scanLog } from "./internal/scan-log.ts";

/** Options of {@link verifyAuditFile}. */
export interface VerifyAuditFileOptions extends Omit<VerifyAuditLogOptions, "archives" | "path"> {
  /** Where `archiveAuditLog` has put the first entries of the log; they are verified with it. @default nowhere */
  readonly archiveDirectory?: string | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/**
 * Verifies a log from its bytes and changes nothing: edited, deleted, inserted, repeated and reordered entries are found, the first one named (TEL-06).
 * A tail that was cut off, and a chain that was rewritten from some entry on, show only against a checkpoint held outside the log.
 * A last line that does not hold may be an append that a crash interrupted: `TELEMETRY_AUDIT_TAIL_UNVERIFIED`, not ok, but tampering only when a checkpoint
 * covers it. Lines of merged branches may stand in any order in which each comes after what it names; an end that no entry joins is
 * `TELEMETRY_AUDIT_FORK_UNJOINED`. Where archives are given, entries that neither they nor the log hold are `TELEMETRY_ARCHIVE_MISSING`; so is a checkpoint of an
 * entry before `base`.
 */
export function verifyAuditLog(bytes: Uint8Array, options: VerifyAuditLogOptions = {}): AuditReport {
  return scanLog(bytes, options).report;
}

/**
 * Verifies a log of lines in a file as {@link verifyAuditLog} does its bytes, a part at a time: a log of any length takes little memory beside the hash of each
 * entry. A file that is not there is a log without entries.
 *
 * @example Verify against a checkpoint
 * ```ts
 * import assert from "node:assert/strict";
 * import { verifyAuditFile } from "@gov/telemetry/audit";
 *
 * const checkpoint = { seq: 3, hash: `sha256:${"0".repeat(64)}` } as const;
 * const { findings } = await verifyAuditFile("not-there.jsonl", { checkpoint });
 * assert.equal(findings[0]?.code, "TELEMETRY_AUDIT_TRUNCATED");
 * ```
 */
export async function verifyAuditFile(path: string, options: VerifyAuditFileOptions = {}): Promise<AuditReport> {
  const { fs = nodeFileSystem, checkpoint, base, archiveDirectory } = options;
  const pass = createLogPass({ checkpoint, base, path });
  await feedLog(path, { fs, archiveDirectory, pass });
  return pass.finish().report;
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
