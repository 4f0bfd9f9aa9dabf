import type { Finding } from "@gov/schema";
import type { TelemetryFindingCode } from "../../finding-codes.ts";
import type { AuditCheckpoint } from "../audit-report.ts";

/** Most bytes that one commit takes unless a single append is larger, and that are synced at once in a file of lines unless a single entry is: what a crash can leave half written there. */
export const maxCommitBytes = 1_048_576;

/** A line that does not hold, does not follow, or before which entries are missing. */
export interface Flaw {
  readonly kind: "altered" | "chain" | "missing";
  readonly defect: string;
  /** Which file of the log it stands in: archives come before the log itself. */
  readonly part: number;
  readonly path: string | null;
  readonly line: number;
  /** Number of the entry that belongs there. */
  readonly seq: number;
  /** Where the line begins in its file. */
  readonly start: number;
  readonly hasNull: boolean;
}

/** The end of what was read: in which file, with how many lines and bytes, and whether the checkpoint was met. */
export interface LogEnd {
  readonly met: "no" | "before any flaw" | "after one";
  readonly part: number;
  readonly lines: number;
  readonly length: number;
}

/**
 * Returns the first flaw when all flaws can be what a crash left of one commit: the last line alone, or lines of which the first holds zeros, which no
 * entry does and which a file system shows where it never wrote, no more of them than are synced at once. Never what the checkpoint covers, never in an archive.
 */
export function tornTailOf(flaws: readonly Flaw[], { met, part, lines, length }: LogEnd): Flaw | null {
  const [first] = flaws;
  if (first === undefined || first.kind !== "altered" || met !== "before any flaw" || first.part !== part) return null;
  return first.line === lines || (first.hasNull && length - first.start <= maxCommitBytes) ? first : null;
}

/** The finding of a flaw. */
export function findingOf(flaw: Flaw): Finding {
  const { kind, defect } = flaw;
  if (kind === "altered") return lineFinding("TELEMETRY_AUDIT_ENTRY_ALTERED", `has been altered: ${defect}`, flaw);
  if (kind === "chain") return lineFinding("TELEMETRY_AUDIT_CHAIN_BROKEN", `does not follow what stands before: it ${defect}`, flaw);
  const finding = lineFinding("TELEMETRY_ARCHIVE_MISSING", `${defect}: what stands before it is in no archive`, flaw);
  return { ...finding, hint: "Bring the archive back, from another clone or a backup" };
}

/** The finding of a tail that a crash may have left. */
export function tailFinding(flaw: Flaw, lines: number): Finding {
  const { line, defect } = flaw;
  const which = line === lines ? "is the last" : `begins the last ${String(lines - line + 1)} lines`;
  return lineFinding("TELEMETRY_AUDIT_TAIL_UNVERIFIED", `${which} and cannot be verified: ${defect}`, flaw);
}

/** The finding of ends that no entry joins. */
export function forkFinding(heads: readonly AuditCheckpoint[], path: string | null): Finding {
  const named = heads.map(({ seq, hash }) => `${String(seq)} (${hash})`).join(" and ");
  return {
    ...logFinding("TELEMETRY_AUDIT_FORK_UNJOINED", `The log has ${String(heads.length)} ends that no entry joins: ${named}`, path),
    hint: "When branches were merged, append a join entry",
  };
}

/** The finding of a checkpoint that the log does not hold. */
export function missCheckpoint(
  checkpoint: AuditCheckpoint,
  { base, last, path }: { readonly base: number; readonly last: number; readonly path: string | null },
): Finding {
  if (checkpoint.seq < base) {
    const message = `The checkpoint covers entry ${String(checkpoint.seq)}, and what is here begins behind entry ${String(base)}`;
    const finding = logFinding("TELEMETRY_ARCHIVE_MISSING", message, path);
    return { ...finding, hint: "Verify the earlier entries too, or against a later checkpoint" };
  }
  if (last >= checkpoint.seq) {
    const message = `Entry ${String(checkpoint.seq)} is not the one the checkpoint covers: the log was rewritten`;
    return { ...logFinding("TELEMETRY_AUDIT_CHECKPOINT_MISMATCH", message, path), expected: checkpoint.hash };
  }
  const message = `The log ends with entry ${String(last)}, but the checkpoint covers entry ${String(checkpoint.seq)}: its tail was cut off`;
  return logFinding("TELEMETRY_AUDIT_TRUNCATED", message, path);
}

/** The finding of a log without any entry that its archives do not hold: the last entry never goes into one. */
export function emptiedFinding({ last, path }: { readonly last: number; readonly path: string | null }): Finding {
  const message = `The log holds nothing behind entry ${String(last)}, with which its archives end: its tail was cut off`;
  return logFinding("TELEMETRY_AUDIT_TRUNCATED", message, path);
}

/** The finding of a journal of which a record holds more than one entry, so that its numbers say nothing of those of the entries. */
export function crowdedFinding(path: string): Finding {
  return logFinding("TELEMETRY_AUDIT_CHAIN_BROKEN", "The journal has a record that holds more than one entry", path);
}

/** The finding of a journal whose records are not those that follow on its archive. */
export function misplacedFinding({
  archived,
  lastSeq,
  path,
}: {
  readonly archived: number;
  readonly lastSeq: number;
  readonly path: string;
}): Finding {
  const end = `The journal ends with record ${String(lastSeq)}, its archive with record ${String(archived)}`;
  if (lastSeq < archived) return logFinding("TELEMETRY_AUDIT_TRUNCATED", `${end}: its tail was cut off`, path);
  const finding = logFinding("TELEMETRY_ARCHIVE_MISSING", `${end}: what stands between is in neither`, path);
  return { ...finding, hint: "Bring the archive back, from another clone or a backup" };
}

function lineFinding(code: TelemetryFindingCode, what: string, { line, seq, path }: Flaw): Finding {
  const message = `Line ${String(line)}, where entry ${String(seq)} belongs, ${what}`;
  return { code, severity: "error", message, path, line, column: null };
}

function logFinding(code: TelemetryFindingCode, message: string, path: string | null): Finding {
  return { code, severity: "error", message, path, line: null, column: null };
}
