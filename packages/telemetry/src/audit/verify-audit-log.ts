import type { Finding } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { TelemetryFindingCode } from "../finding-codes.ts";
import { type AuditEntry, decodeEntry } from "./entry.ts";
import { splitLines } from "./internal/split-lines.ts";

/** A place in the chain by number and hash; the newest one a verifier holds outside the log shows truncation and rewriting. */
export interface AuditCheckpoint {
  readonly seq: number;
  readonly hash: Digest;
}

/** Options of {@link verifyAuditLog}. */
export interface VerifyAuditLogOptions {
  /** What the log must at least hold, from a sealed manifest, a commit or a flag. @default nothing: a cut tail cannot be seen */
  readonly checkpoint?: AuditCheckpoint | undefined;
  /** Path of the log, named in findings. @default null */
  readonly path?: string | null | undefined;
}

/** What {@link verifyAuditLog} found. */
export interface AuditReport {
  /** True when every line holds and the checkpoint, if given, is met. */
  readonly ok: boolean;
  /** Number of entries from the start up to the first that does not hold. */
  readonly entries: number;
  /** Last of those entries, or null when there is none. */
  readonly head: AuditCheckpoint | null;
  /** First line that does not hold, and the sequence number expected there. */
  readonly firstAltered: { readonly line: number; readonly seq: number } | null;
  /** Up to 100, in the order of the lines. */
  readonly findings: readonly Finding[];
}

const maxFindings = 100;

/**
 * Verifies a log from its bytes and changes nothing: edited, deleted, inserted, repeated and reordered entries are found, the first one named (TEL-06).
 * A tail that was cut off, and a chain that was rewritten from some entry on, show only against a checkpoint held outside the log.
 * A last line that does not hold may be an append that a crash interrupted: `TELEMETRY_AUDIT_TAIL_UNVERIFIED`, not ok, but tampering only when a checkpoint covers it.
 */
export function verifyAuditLog(bytes: Uint8Array, options: VerifyAuditLogOptions = {}): AuditReport {
  return readAuditLog(bytes, options).report;
}

/** Verifies a log and returns the entries up to the first that does not hold, beside the report of {@link verifyAuditLog}. */
export function readAuditLog(
  bytes: Uint8Array,
  options: VerifyAuditLogOptions = {},
): { readonly entries: readonly AuditEntry[]; readonly report: AuditReport } {
  const { checkpoint, path = null } = options;
  const findings: Finding[] = [];
  const entries: AuditEntry[] = [];
  let firstAltered: AuditReport["firstAltered"] = null;
  let atCheckpoint: Digest | null = null;
  // What the next line must follow; an unreadable line leaves its hash unknown.
  let previous: { readonly seq: number; readonly hash: Digest | null | undefined } = { seq: 0, hash: null };
  for (const { number, text, isTerminated, isLast } of splitLines(bytes)) {
    const expectedSeq = previous.seq + 1;
    const report = (code: TelemetryFindingCode, what: string): void => {
      firstAltered ??= { line: number, seq: expectedSeq };
      const message = `Line ${String(number)}, where entry ${String(expectedSeq)} belongs, ${what}`;
      findings.push({ code, severity: "error", message, path, line: number, column: null });
    };
    const decoded = text === null ? null : decodeEntry(text);
    const entry = decoded?.entry ?? null;
    if (entry === null || decoded?.intact !== true || !isTerminated) {
      const reason =
        text === null
          ? "it is not UTF-8"
          : !isTerminated && decoded?.intact === true
            ? "it has no line feed"
            : (decoded?.defect ?? "its hash does not match its content");
      if (isLast && (checkpoint === undefined || checkpoint.seq < expectedSeq))
        report("TELEMETRY_AUDIT_TAIL_UNVERIFIED", `is the last and cannot be verified: ${reason}`);
      else report("TELEMETRY_AUDIT_ENTRY_ALTERED", `has been altered: ${reason}`);
    } else if (entry.seq !== expectedSeq || (previous.hash !== undefined && entry.prev !== previous.hash)) {
      const what = entry.seq === expectedSeq ? "names another predecessor" : `holds entry ${String(entry.seq)}`;
      report("TELEMETRY_AUDIT_CHAIN_BROKEN", `does not follow the line before: it ${what}`);
    } else if (firstAltered === null) entries.push(entry);
    if (entry !== null && decoded?.intact === true && entry.seq === checkpoint?.seq) atCheckpoint = entry.hash;
    previous = entry === null ? { seq: expectedSeq, hash: undefined } : { seq: entry.seq, hash: entry.hash };
  }
  if (checkpoint !== undefined && atCheckpoint !== checkpoint.hash)
    findings.push(missCheckpoint(checkpoint, { atCheckpoint, last: previous.seq, path }));
  const last = entries.at(-1);
  const head = last === undefined ? null : { seq: last.seq, hash: last.hash };
  const report = { ok: findings.length === 0, entries: entries.length, head, firstAltered, findings: findings.slice(0, maxFindings) };
  return { entries, report };
}

function missCheckpoint(
  checkpoint: AuditCheckpoint,
  { atCheckpoint, last, path }: { readonly atCheckpoint: Digest | null; readonly last: number; readonly path: string | null },
): Finding {
  const place = { severity: "error" as const, path, line: null, column: null };
  if (atCheckpoint === null && last < checkpoint.seq) {
    const message = `The log ends with entry ${String(last)}, but the checkpoint covers entry ${String(checkpoint.seq)}: its tail was cut off`;
    return { code: "TELEMETRY_AUDIT_TRUNCATED", message, ...place };
  }
  const message = `Entry ${String(checkpoint.seq)} is not the one the checkpoint covers: the log was rewritten`;
  return { code: "TELEMETRY_AUDIT_CHECKPOINT_MISMATCH", message, ...place, expected: checkpoint.hash };
}
