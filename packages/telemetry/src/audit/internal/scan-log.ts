import { isUtf8 } from "node:buffer";
import type { Finding } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { TelemetryFindingCode } from "../../finding-codes.ts";
import type { AuditEntry } from "../entry.ts";
import { decodeEntry } from "./entry-codec.ts";
import type { AuditCheckpoint, AuditReport, VerifyAuditLogOptions } from "../audit-report.ts";
import { createEntryScanner, type ScannedEntry } from "./entry-scan.ts";
import { createLogGraph } from "./log-graph.ts";

/** What one pass over a log finds. */
export interface LogScan {
  readonly report: AuditReport;
  /** Where a tail begins that a crash may have left of an append nobody was told of; null when there is none, or when anything else is wrong. */
  readonly tornFrom: number | null;
}

/** Most bytes that one commit writes, unless a single entry is larger: what a crash can leave half written. */
export const maxCommitBytes = 1_048_576;

const maxFindings = 100;
const lineFeed = 10;
const none: readonly string[] = [];
const digits = "sha256:".length;

/** Goes through the bytes of a log once; `take` is called for each entry up to the first that does not hold, and builds it when asked. */
export function scanLog(bytes: Uint8Array, options: VerifyAuditLogOptions, take?: TakeEntry): LogScan {
  const pass = createLogPass(options, take);
  pass.feed(bytes);
  return pass.finish();
}

/** What is done with an entry that holds; it is built when asked. */
export type TakeEntry = (entry: () => AuditEntry) => void;

/** One pass over a log that comes in pieces. */
export interface LogPass {
  /** Goes on with the next bytes: whole lines, but for the last ones of the log. They are not needed afterwards. Returns how many lines they are. */
  readonly feed: (bytes: Uint8Array) => number;
  /** Takes note that behind the lines something stands that cannot be read as one. */
  readonly noteTail: (defect: string) => void;
  readonly finish: () => LogScan;
}

/** Begins a pass over a log. Of what it has seen it keeps the hash of each entry, which a fork or a join may name. */
export function createLogPass(options: VerifyAuditLogOptions, take?: TakeEntry): LogPass {
  const { checkpoint, base, path = null } = options;
  const scanner = createEntryScanner();
  const graph = createLogGraph(base === undefined ? null : { seq: base.seq, hash: base.hash.slice(digits) });
  const checkpointHash = checkpoint?.hash.slice(digits);
  const flaws: Flaw[] = [];
  const isBase = base !== undefined && base.seq === checkpoint?.seq && base.hash === checkpoint.hash;
  let met: "no" | "before any flaw" | "after one" = checkpoint === undefined || isBase ? "before any flaw" : "no";
  let heads: ReturnType<typeof graph.heads> | null = null;
  let entries = 0;
  let number = 0;
  let fed = 0;

  const note = (place: ScannedEntry | null, joins: readonly string[], isIntact: boolean): void => {
    if (place === null) graph.noteUnreadable();
    else graph.note(place, joins);
    if (isIntact && met === "no" && place?.hash === checkpointHash && place?.seq === checkpoint?.seq)
      met = flaws.length === 0 ? "before any flaw" : "after one";
  };
  const noteFlaw = (flaw: Pick<Flaw, "kind" | "defect">, line: Uint8Array, start: number): void => {
    heads ??= graph.heads();
    // What is beyond the findings is not told one by one.
    if (flaws.length > maxFindings) return;
    flaws.push({ ...flaw, line: number, seq: graph.expectedSeq(), start: fed + start, hasNull: line.includes(0) });
  };
  const feed = (bytes: Uint8Array): number => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isAllUtf8 = isUtf8(buffer);
    const before = number;
    scanner.take(bytes);
    for (let start = 0; start < bytes.length;) {
      number++;
      const fast = isAllUtf8 ? scanner.scan(start) : null;
      if (fast !== null) {
        const { end } = fast;
        const defect = graph.judge(fast, none);
        if (defect !== null) noteFlaw({ kind: "chain", defect }, buffer.subarray(start, end), start);
        else if (flaws.length === 0) {
          entries++;
          if (take !== undefined) takeFrom(take, buffer, { start, end });
        }
        note(fast, none, true);
        start = end + 1;
        continue;
      }
      const feedAt = buffer.indexOf(lineFeed, start);
      const end = feedAt < 0 ? bytes.length : feedAt;
      const line = buffer.subarray(start, end);
      const { place, joins, entry, reason } = readCarefully(line, feedAt >= 0);
      const defect = reason ?? (place === null ? null : graph.judge(place, joins));
      if (defect !== null) noteFlaw({ kind: reason === null ? "chain" : "altered", defect }, line, start);
      else if (flaws.length === 0) {
        entries++;
        if (entry !== null) take?.(() => entry);
      }
      note(place, joins, reason === null);
      start = end + 1;
    }
    fed += bytes.length;
    return number - before;
  };
  const noteTail = (defect: string): void => {
    number++;
    noteFlaw({ kind: "altered", defect }, new Uint8Array(), 0);
  };
  const finish = (): LogScan => {
    const tail = tornTailOf(flaws, { met, lines: number, length: fed });
    const findings = (tail === null ? flaws : []).slice(0, maxFindings).map((flaw) => findingOf(flaw, path));
    if (tail !== null) findings.push(tailFinding(tail, { lines: number, path }));
    const last = (heads ?? graph.heads()).map(({ seq, hash }) => ({ seq, hash: `sha256:${hash}` satisfies Digest }));
    if (flaws.length === 0 && last.length > 1) findings.push(forkFinding(last, path));
    if (met === "no" && checkpoint !== undefined) findings.push(missCheckpoint(checkpoint, { last: graph.expectedSeq() - 1, path }));
    const [first] = flaws;
    const report: AuditReport = {
      ok: findings.length === 0,
      entries,
      head: last.length === 1 ? (last[0] ?? null) : null,
      heads: last,
      firstAltered: first === undefined ? null : { line: first.line, seq: first.seq },
      findings: findings.slice(0, maxFindings),
    };
    return { report, tornFrom: tail !== null && findings.length === 1 ? tail.start : null };
  };
  return { feed, noteTail, finish };
}

// Apart from the loop, which makes no function for an entry that nobody wants.
function takeFrom(take: TakeEntry, buffer: Buffer, { start, end }: { readonly start: number; readonly end: number }): void {
  take(() => JSON.parse(buffer.toString("utf8", start, end)) as AuditEntry);
}

/** A line that does not hold, or does not follow. */
interface Flaw {
  readonly kind: "altered" | "chain";
  readonly defect: string;
  readonly line: number;
  readonly seq: number;
  readonly start: number;
  readonly hasNull: boolean;
}

interface CarefulLine {
  readonly place: ScannedEntry | null;
  readonly joins: readonly string[];
  readonly entry: AuditEntry | null;
  readonly reason: string | null;
}

function readCarefully(bytes: Buffer, isTerminated: boolean): CarefulLine {
  if (!isUtf8(bytes)) return { place: null, joins: [], entry: null, reason: "it is not UTF-8" };
  const { entry, intact, defect } = decodeEntry(bytes.toString("utf8"));
  if (entry === null) return { place: null, joins: [], entry, reason: defect };
  const place = { seq: entry.seq, prev: entry.prev?.slice(digits) ?? null, hash: entry.hash.slice(digits) };
  const joins = entry.joins?.map((join) => join.slice(digits)) ?? [];
  return { place, joins, entry, reason: !intact ? "its hash does not match its content" : isTerminated ? null : "it has no line feed" };
}

/**
 * Returns the first flaw when all flaws can be what a crash left of one commit: the last line alone, or lines of which the first holds zeros, which no
 * entry does and which a file system shows where it never wrote, no more of them than one commit writes. Never what the checkpoint covers.
 */
function tornTailOf(
  flaws: readonly Flaw[],
  { met, lines, length }: { readonly met: string; readonly lines: number; readonly length: number },
): Flaw | null {
  const [first] = flaws;
  if (first === undefined || first.kind !== "altered" || met !== "before any flaw") return null;
  return first.line === lines || (first.hasNull && length - first.start <= maxCommitBytes) ? first : null;
}

function findingOf({ kind, defect, line, seq }: Flaw, path: string | null): Finding {
  return kind === "altered"
    ? lineFinding("TELEMETRY_AUDIT_ENTRY_ALTERED", `has been altered: ${defect}`, { line, seq, path })
    : lineFinding("TELEMETRY_AUDIT_CHAIN_BROKEN", `does not follow what stands before: it ${defect}`, { line, seq, path });
}

function tailFinding({ line, seq, defect }: Flaw, { lines, path }: { readonly lines: number; readonly path: string | null }): Finding {
  const which = line === lines ? "is the last" : `begins the last ${String(lines - line + 1)} lines`;
  return lineFinding("TELEMETRY_AUDIT_TAIL_UNVERIFIED", `${which} and cannot be verified: ${defect}`, { line, seq, path });
}

function lineFinding(
  code: TelemetryFindingCode,
  what: string,
  { line, seq, path }: { readonly line: number; readonly seq: number; readonly path: string | null },
): Finding {
  const message = `Line ${String(line)}, where entry ${String(seq)} belongs, ${what}`;
  return { code, severity: "error", message, path, line, column: null };
}

function forkFinding(heads: readonly AuditCheckpoint[], path: string | null): Finding {
  const named = heads.map(({ seq, hash }) => `${String(seq)} (${hash})`).join(" and ");
  return {
    ...{ code: "TELEMETRY_AUDIT_FORK_UNJOINED" satisfies TelemetryFindingCode, severity: "error", path, line: null, column: null },
    message: `The log has ${String(heads.length)} ends that no entry joins: ${named}`,
    hint: "When branches were merged, append a join entry",
  };
}

function missCheckpoint(checkpoint: AuditCheckpoint, { last, path }: { readonly last: number; readonly path: string | null }): Finding {
  const place = { severity: "error" as const, path, line: null, column: null };
  if (last < checkpoint.seq) {
    const message = `The log ends with entry ${String(last)}, but the checkpoint covers entry ${String(checkpoint.seq)}: its tail was cut off`;
    return { code: "TELEMETRY_AUDIT_TRUNCATED", message, ...place };
  }
  const message = `Entry ${String(checkpoint.seq)} is not the one the checkpoint covers: the log was rewritten`;
  return { code: "TELEMETRY_AUDIT_CHECKPOINT_MISMATCH", message, ...place, expected: checkpoint.hash };
}
