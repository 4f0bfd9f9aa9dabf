import type { Digest } from "@gov/schema/canonical";
import type { VerifyAuditLogOptions } from "./audit-report.ts";
import type { AuditEntry } from "./entry.ts";
import { refusal } from "./internal/refusal.ts";
import { scanLog } from "./internal/scan-log.ts";
import { splitLines } from "./internal/settle-lines.ts";
import { archiveName, lastArchived } from "./list-audit-archives.ts";

/** What archiving does: the archive is made first, then the log replaced by its rest. */
export interface AuditArchivePlan {
  /** Null when all that was asked for is archived already. */
  readonly archive: { readonly name: string; readonly bytes: Uint8Array; readonly entries: number } | null;
  /** What the log keeps: all of it when there is nothing to do. */
  readonly rest: Uint8Array;
}

/** Options of {@link planAuditArchive}. */
export interface PlanAuditArchiveOptions extends VerifyAuditLogOptions {
  /** Last entry that goes into the archive. */
  readonly throughSeq: number;
  /** Path of the log, after which its archives are called. */
  readonly path: string;
}

/**
 * Plans what `archiveAuditLog` does, from the bytes of the log and its archives.
 *
 * @throws RangeError when the log cannot be cut behind `throughSeq`: it is not there, or the last, or a branch goes on from an earlier entry.
 * @throws TelemetryError `TELEMETRY_AUDIT_CORRUPT` when the log or an archive does not hold.
 */
export function planAuditArchive(bytes: Uint8Array, { throughSeq, ...options }: PlanAuditArchiveOptions): AuditArchivePlan {
  const { archives = [], path, base } = options;
  const { report } = scanLog(bytes, { ...options, archives });
  if (!report.ok) throw refusal(path, { report, isTorn: false });
  const archived = new Set(archives.flatMap((archive) => linesOf(archive.bytes)).map(({ entry }) => entry.hash));
  // A crash between making an archive and cutting the log leaves the lines in both.
  const lines = linesOf(bytes).filter(({ entry }) => !archived.has(entry.hash));
  const last = Math.max(base?.seq ?? 0, ...archives.map((archive) => lastArchived(path, archive.path) ?? 0));
  if (throughSeq <= last) return { archive: null, rest: joined(lines) };
  const index = lines.findIndex(({ entry }, at) => entry.seq === throughSeq && isCut(lines, at));
  if (index < 0)
    throw new RangeError(
      `Cannot archive "${path}" through entry ${String(throughSeq)}: it must be one of its entries, not the last, on which all later ones follow`,
    );
  const name = archiveName(path, { first: last + 1, last: throughSeq });
  return {
    archive: { name, bytes: joined(lines.slice(0, index + 1)), entries: index + 1 },
    rest: joined(lines.slice(index + 1)),
  };
}

interface Line {
  readonly entry: AuditEntry;
  readonly bytes: Uint8Array;
}

/** True when something stands behind an entry, and all of it follows on that entry: nothing there names what stands before. */
function isCut(lines: readonly Line[], index: number): boolean {
  const later = lines.slice(index + 1);
  const known = new Set<Digest | null>(lines.slice(index).map(({ entry }) => entry.hash));
  return later.length > 0 && later.every(({ entry }) => [entry.prev, ...(entry.joins ?? [])].every((hash) => known.has(hash)));
}

function linesOf(bytes: Uint8Array): readonly Line[] {
  return [...splitLines(bytes)].map((line) => ({ entry: JSON.parse(Buffer.from(line).toString("utf8")) as AuditEntry, bytes: line }));
}

function joined(lines: readonly Line[]): Uint8Array {
  return Buffer.concat(lines.map(({ bytes }) => bytes));
}
