import { isUtf8 } from "node:buffer";
import type { Digest } from "@gov/schema/canonical";
import { type AuditEntry, maxEntryLength } from "../entry.ts";
import { decodeEntry, overlong } from "./entry-codec.ts";
import type { AuditReport, VerifyAuditLogOptions } from "../audit-report.ts";
import { createEntryScanner, type ScannedEntry } from "./entry-scan.ts";
import { emptiedFinding, findingOf, type Flaw, forkFinding, type LogEnd, missCheckpoint, tailFinding, tornTailOf } from "./log-findings.ts";
import { createLogGraph } from "./log-graph.ts";

/** What one pass over a log finds. */
export interface LogScan {
  readonly report: AuditReport;
  /** Where a tail begins that a crash may have left of an append nobody was told of; null when there is none, or when anything is wrong beside ends that no entry joins. */
  readonly tornFrom: number | null;
}

const maxFindings = 100;
/** Longest line of an entry in UTF-8, which takes up to three bytes for a UTF-16 code unit. */
export const maxLineBytes: number = 3 * maxEntryLength;
const lineFeed = 10;
const none: readonly string[] = [];
const digits = "sha256:".length;

/** Goes through the bytes of a log once, behind those of its archives; `take` is called for each entry up to the first that does not hold, and builds it when asked. */
export function scanLog(bytes: Uint8Array, options: VerifyAuditLogOptions, take?: TakeEntry): LogScan {
  const { archives, path = null } = options;
  const pass = createLogPass(options, take);
  if (archives !== undefined) {
    for (const archive of archives) {
      pass.next(archive.path);
      pass.feed(archive.bytes);
    }
    pass.next(path);
  }
  pass.feed(bytes);
  return pass.finish();
}

/** What is done with an entry that holds; it is built when asked. */
export type TakeEntry = (entry: () => AuditEntry) => void;

/** One pass over a log that comes in pieces. */
export interface LogPass {
  /** Goes on with the next bytes: whole lines, but for the last ones of the log. They are not needed afterwards. Returns how many lines they are. */
  readonly feed: (bytes: Uint8Array) => number;
  /**
   * Goes on with the next file of the log: its archives one after the other, then the log itself. A file may begin with entries that stand before it, as the log
   * does when nobody has finished archiving; they count once.
   */
  readonly next: (path: string | null) => void;
  /** Goes on with a line, of so many bytes with its line feed, that is longer than that of an entry can be. */
  readonly skip: (length: number) => void;
  /** Takes note that behind the lines something stands that cannot be read as one. */
  readonly noteTail: (defect: string) => void;
  readonly finish: () => LogScan;
}

/** Options of {@link createLogPass}. */
export interface LogPassOptions extends VerifyAuditLogOptions {
  /** Whether every entry may be in an archive, so that the log itself holds none. @default false */
  readonly mayBeEmptied?: boolean | undefined;
}

/** Begins a pass over a log. Of what it has seen it keeps the hash of each entry, which a fork or a join may name. */
export function createLogPass(options: LogPassOptions, take?: TakeEntry): LogPass {
  const { checkpoint, base, mayBeEmptied = false } = options;
  const scanner = createEntryScanner();
  const graph = createLogGraph(base === undefined ? null : { seq: base.seq, hash: base.hash.slice(digits) });
  const checkpointHash = checkpoint?.hash.slice(digits);
  const flaws: Flaw[] = [];
  const isBase = base !== undefined && base.seq === checkpoint?.seq && base.hash === checkpoint.hash;
  let met: LogEnd["met"] = checkpoint === undefined || isBase ? "before any flaw" : "no";
  let heads: ReturnType<typeof graph.heads> | null = null;
  let entries = 0;
  let { path = null } = options;
  let part = 0;
  let number = 0;
  let fed = 0;
  let isBeginning = false;

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
    flaws.push({ ...flaw, part, path, line: number, seq: graph.expectedSeq(), start: fed + start, hasNull: line.includes(0) });
  };
  const kindOfBreak = ({ seq }: ScannedEntry): Flaw["kind"] => (isBeginning && seq > graph.expectedSeq() ? "missing" : "chain");
  const feed = (bytes: Uint8Array): number => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isAllUtf8 = isUtf8(buffer);
    const before = number;
    scanner.take(bytes);
    for (let start = 0; start < bytes.length;) {
      number++;
      const fast = isAllUtf8 ? scanner.scan(start) : null;
      if (fast !== null && fast.end - start <= maxEntryLength) {
        const { end } = fast;
        if (isBeginning && graph.isRepeated(fast)) {
          start = end + 1;
          continue;
        }
        const defect = graph.judge(fast, none);
        if (defect !== null) noteFlaw({ kind: kindOfBreak(fast), defect }, buffer.subarray(start, end), start);
        else if (flaws.length === 0) {
          entries++;
          if (take !== undefined) takeFrom(take, buffer, { start, end });
        }
        note(fast, none, true);
        isBeginning = false;
        start = end + 1;
        continue;
      }
      const feedAt = buffer.indexOf(lineFeed, start);
      const end = feedAt < 0 ? bytes.length : feedAt;
      const line = buffer.subarray(start, end);
      const { place, joins, entry, reason } = readCarefully(line, feedAt >= 0);
      if (isBeginning && reason === null && place !== null && graph.isRepeated(place)) {
        start = end + 1;
        continue;
      }
      const defect = reason ?? (place === null ? null : graph.judge(place, joins));
      if (defect !== null) noteFlaw({ kind: reason !== null || place === null ? "altered" : kindOfBreak(place), defect }, line, start);
      else if (flaws.length === 0) {
        entries++;
        if (entry !== null) take?.(() => entry);
      }
      note(place, joins, reason === null);
      isBeginning = false;
      start = end + 1;
    }
    fed += bytes.length;
    return number - before;
  };
  const next = (file: string | null): void => {
    path = file;
    part++;
    number = 0;
    fed = 0;
    isBeginning = true;
  };
  const skip = (length: number): void => {
    number++;
    noteFlaw({ kind: "altered", defect: overlong }, new Uint8Array(), 0);
    note(null, none, false);
    isBeginning = false;
    fed += length;
  };
  const noteTail = (defect: string): void => {
    number++;
    noteFlaw({ kind: "altered", defect }, new Uint8Array(), 0);
  };
  const finish = (): LogScan => {
    const tail = tornTailOf(flaws, { met, part, lines: number, length: fed });
    const findings = (tail === null ? flaws : []).slice(0, maxFindings).map(findingOf);
    if (tail !== null) findings.push(tailFinding(tail, number));
    if (part > 1 && isBeginning && !mayBeEmptied) findings.push(emptiedFinding({ last: graph.expectedSeq() - 1, path }));
    const last = (heads ?? graph.heads()).map(({ seq, hash }) => ({ seq, hash: `sha256:${hash}` satisfies Digest }));
    const isForked = last.length > 1 && (flaws.length === 0 || tail !== null);
    if (isForked) findings.push(forkFinding(last, path));
    if (met === "no" && checkpoint !== undefined)
      findings.push(missCheckpoint(checkpoint, { base: base?.seq ?? 0, last: graph.expectedSeq() - 1, path }));
    const [first] = flaws;
    const report: AuditReport = {
      ok: findings.length === 0,
      entries,
      head: last.length === 1 ? (last[0] ?? null) : null,
      heads: last,
      firstAltered: first === undefined ? null : { line: first.line, seq: first.seq },
      findings: findings.slice(0, maxFindings),
    };
    return { report, tornFrom: tail !== null && findings.length === (isForked ? 2 : 1) ? tail.start : null };
  };
  return { feed, next, skip, noteTail, finish };
}

// Apart from the loop, which makes no function for an entry that nobody wants.
function takeFrom(take: TakeEntry, buffer: Buffer, { start, end }: { readonly start: number; readonly end: number }): void {
  take(() => JSON.parse(buffer.toString("utf8", start, end)) as AuditEntry);
}

interface CarefulLine {
  readonly place: ScannedEntry | null;
  readonly joins: readonly string[];
  readonly entry: AuditEntry | null;
  readonly reason: string | null;
}

function readCarefully(bytes: Buffer, isTerminated: boolean): CarefulLine {
  if (bytes.length > maxLineBytes) return { place: null, joins: [], entry: null, reason: overlong };
  if (!isUtf8(bytes)) return { place: null, joins: [], entry: null, reason: "it is not UTF-8" };
  const { entry, intact, defect } = decodeEntry(bytes.toString("utf8"));
  if (entry === null) return { place: null, joins: [], entry, reason: defect };
  const place = { seq: entry.seq, prev: entry.prev?.slice(digits) ?? null, hash: entry.hash.slice(digits) };
  const joins = entry.joins?.map((join) => join.slice(digits)) ?? [];
  return { place, joins, entry, reason: !intact ? "its hash does not match its content" : isTerminated ? null : "it has no line feed" };
}
