import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import { type Journal, type JournalRecord, type JournalView, openJournal, readArchive, readJournal } from "@gov/atomic-io/journal";
import { acquireLock } from "@gov/atomic-io/lock";
import type { Clock } from "../clock.ts";
import { TelemetryError } from "../errors.ts";
import { nodeClock } from "../node-clock.ts";
import type { Redactor } from "../redact/create-redactor.ts";
import type { AuditLog } from "./audit-log.ts";
import type { AuditEntry } from "./entry.ts";
import { decodeEntry } from "./internal/entry-codec.ts";
import { createCommitPace } from "./internal/commit-pace.ts";
import { createEntryWriter } from "./internal/entry-writer.ts";
import { createChainedLog, type LineStore } from "./internal/chained-log.ts";
import { type JournalFiles, recordsFrom } from "./internal/journal-records.ts";
import type { Lines } from "./internal/line-block.ts";
import { crowdedFinding, misplacedFinding } from "./internal/log-findings.ts";
import { orLetGo } from "./internal/or-let-go.ts";
import { refusal } from "./internal/refusal.ts";
import { createLogPass, type LogPass } from "./internal/scan-log.ts";
import type { AuditCheckpoint, AuditReport, VerifyAuditLogOptions } from "./audit-report.ts";

/** Options of {@link openAuditJournal}. */
export interface OpenAuditJournalOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Takes the lock that keeps out other writers for as long as the log is open. @default `acquireLock` on the directory's path and `.lock`, waiting up to 10 seconds */
  readonly lock?: ((directory: string) => Promise<{ readonly release: () => Promise<void> }>) | undefined;
  /** What the log must at least hold; a log that does not is refused. */
  readonly checkpoint?: AuditCheckpoint | undefined;
  /**
   * Where `rotate` moves what it takes out of the journal, this journal's alone and on its file system; what is there is verified and read with it.
   * @default nowhere: it is removed
   */
  readonly archiveDirectory?: string | undefined;
  /** The entry before the first one here, where earlier ones are kept elsewhere. */
  readonly base?: AuditCheckpoint | undefined;
  /** Goes over every payload before it is chained; secrets leave `actor` and `subject` too. @default `createRedactor()`, every detector */
  readonly redactor?: Redactor | undefined;
  /** Tells how long commits take, and with that when the next one had better begin. @default nodeClock */
  readonly clock?: Clock | undefined;
}

/** A chained log in a journal. */
export interface AuditJournal extends AuditLog {
  /**
   * Moves whole segments that hold only entries before `keepFromSeq` into `archiveDirectory`, durably before they leave the journal; archive and journal are one log to
   * whoever gives the directory when opening and verifying, after a crash too. Without one they are removed, and what is left verifies with their last entry as `base`.
   *
   * @throws AtomicIoError `ATOMIC_IO_CREATE_FAILED` when a segment cannot be archived: the journal is as it was.
   */
  readonly rotate: (keepFromSeq: number) => Promise<void>;
}

/** Options of {@link verifyAuditJournal}. */
export interface VerifyAuditJournalOptions extends Omit<VerifyAuditLogOptions, "archives" | "path"> {
  /** Where `rotate` has moved the first entries of the log; they are verified with it. @default nowhere */
  readonly archiveDirectory?: string | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/**
 * Opens a chained log in a journal directory, for events at rate: batches are atomic, many producers share one sync, and a writer that was superseded gets
 * no acknowledgement. Each record is the line of an entry as {@link openAuditLog} writes it, without line feed (docs/formats/audit-journal-v1.md).
 *
 * @throws {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT` when the chain does not hold, or entries are missing between archive and journal; `details.report` says what.
 * @throws AtomicIoError `ATOMIC_IO_LOCK_HELD`, `ATOMIC_IO_JOURNAL_CORRUPT`, `ATOMIC_IO_JOURNAL_VERSION`.
 * @example Append from two producers at once
 * ```ts
 * import assert from "node:assert/strict";
 * import { openAuditJournal, verifyAuditJournal } from "@gov/telemetry/audit";
 *
 * const log = await openAuditJournal("events");
 * const event = { time: "2024-01-15T10:00:00.000Z", kind: "INDEXED", actor: "indexer", subject: "plan.yaml", payload: null };
 * await Promise.all([log.append([event], { expectedSeq: "any" }), log.append([event], { expectedSeq: "any" })]);
 * await log.close();
 * assert.equal((await verifyAuditJournal("events")).entries, 2);
 * ```
 */
export async function openAuditJournal(directory: string, options: OpenAuditJournalOptions = {}): Promise<AuditJournal> {
  const { fs = nodeFileSystem, checkpoint, base, archiveDirectory } = options;
  const files = { fs, archiveDirectory };
  const lock = options.lock ?? ((path: string) => acquireLock(`${path}.lock`, { fs, timeoutMs: 10_000 }));
  const { release } = await lock(directory);
  return orLetGo(release, async () => {
    const journal = await openJournal(directory, { fs });
    return orLetGo(journal.close, async () => {
      const report = await verifyRecords(journal, { ...files, isTorn: false, checkpoint, base, path: directory });
      if (!report.ok) throw refusal(directory, { report, isTorn: false });
      const start = report.head ?? base ?? null;
      // Records and entries are numbered alike but for the entries that stood before the journal began.
      const shift = (start?.seq ?? 0) - journal.lastSeq;
      const first = (base?.seq ?? 0) + 1;
      const read = (fromSeq: number): AsyncIterable<AuditEntry> =>
        entriesOf(directory, recordsFrom(journal, { ...files, fromSeq: Math.max(fromSeq, first) - shift }));
      const log = createChainedLog(directory, lineJournal(journal, { read, release }), {
        start,
        write: createEntryWriter(options.redactor),
        pace: createCommitPace(options.clock ?? nodeClock),
      });
      return { ...log, rotate: (keepFromSeq) => journal.rotate(keepFromSeq - shift, { archive: archiveDirectory }) };
    });
  });
}

/**
 * Verifies a log in a journal as {@link verifyAuditLog} does one of lines, and changes nothing. A line is the record's place, in the archive or in the journal. A last
 * commit that does not hold is `TELEMETRY_AUDIT_TAIL_UNVERIFIED`, and an altered entry when the checkpoint covers it. Entries that neither archive nor journal hold are
 * `TELEMETRY_ARCHIVE_MISSING`, a journal that ends before its archive is `TELEMETRY_AUDIT_TRUNCATED`. Works beside a writer, whose commit or rotation under way it can
 * take for such a tail or cut: then verify again.
 *
 * @throws AtomicIoError `ATOMIC_IO_JOURNAL_CORRUPT` when the journal's or the archive's own checksums do not hold, or a segment of the archive is missing between two:
 * then no entry can be named.
 */
export async function verifyAuditJournal(directory: string, options: VerifyAuditJournalOptions = {}): Promise<AuditReport> {
  const { fs = nodeFileSystem, checkpoint, base, archiveDirectory } = options;
  // Before its archive: what leaves the journal meanwhile is missed by neither.
  const journal = await readJournal(directory, { fs });
  return verifyRecords(journal, { fs, archiveDirectory, isTorn: journal.isTorn, checkpoint, base, path: directory });
}

interface VerifyRecordsOptions extends Omit<VerifyAuditLogOptions, "archives" | "path">, JournalFiles {
  readonly path: string;
  readonly isTorn: boolean;
}

async function verifyRecords(
  journal: JournalView,
  { fs, archiveDirectory, isTorn, ...options }: VerifyRecordsOptions,
): Promise<AuditReport> {
  const { base, path } = options;
  // A journal says which record comes next, so it can be told from one that lost its tail.
  const pass = createLogPass({ ...options, mayBeEmptied: true });
  let [archived, crowded] = [0, 0];
  if (archiveDirectory !== undefined) {
    pass.next(archiveDirectory);
    ({ last: archived, crowded } = await feedRecords(readArchive(archiveDirectory, { fs }), pass));
    pass.next(path);
  }
  crowded += (await feedRecords(journal.read(), pass)).crowded;
  if (isTorn) pass.noteTail("it is no whole commit of the journal");
  const { report } = pass.finish();
  if (report.ok && crowded > 0) return { ...report, ok: false, findings: [crowdedFinding(path)] };
  // Where the journal has entries, their chain says whether it goes on where the archive ends; where `base` stands in for entries, nothing says which records they were.
  const mustMeet = journal.lastSeq < journal.firstSeq && (base === undefined || archived > 0);
  if (journal.lastSeq >= archived && !(mustMeet && journal.lastSeq > archived)) return report;
  const findings = [...report.findings, misplacedFinding({ archived, lastSeq: journal.lastSeq, path })];
  return { ...report, ok: false, findings };
}

/** Feeds records as lines, a part at a time, and returns the number of the last one, 0 without any, and how many lines there are more than records. */
async function feedRecords(
  records: AsyncIterable<JournalRecord>,
  pass: LogPass,
): Promise<{ readonly last: number; readonly crowded: number }> {
  let lines: Uint8Array[] = [];
  let length = 0;
  let last = 0;
  let crowded = 0;
  const feed = (): void => {
    crowded += pass.feed(Buffer.concat(lines, length)) - lines.length / 2;
    lines = [];
    length = 0;
  };
  for await (const { seq, data } of records) {
    lines.push(data, lineFeed);
    length += data.length + 1;
    last = seq;
    if (length >= partSize) feed();
  }
  feed();
  return { last, crowded };
}

/** How many bytes are verified at a time. */
const partSize = 262_144;

const lineFeed = Buffer.from("\n");

function lineJournal(journal: Journal, { read, release }: Pick<LineStore, "read"> & { readonly release: () => Promise<void> }): LineStore {
  return {
    check: () => Promise.resolve(),
    commit: async (lines) => {
      await journal.append(recordsOf(lines));
    },
    read,
    close: async () => {
      try {
        await journal.close();
      } finally {
        await release();
      }
    },
  };
}

/** The bytes of each line, without its line feed. */
function recordsOf({ bytes, ends }: Lines): readonly Uint8Array[] {
  let start = 0;
  return ends.map((end) => {
    const record = new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - 1 - start);
    start = end;
    return record;
  });
}

async function* entriesOf(path: string, records: AsyncIterable<JournalRecord>): AsyncGenerator<AuditEntry> {
  for await (const { seq, data } of records) {
    const { entry, intact } = decodeEntry(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
    // Verified when opened; what was changed since, with the journal's checksums, is never handed out.
    if (entry === null || !intact) throw changedRecord(path, seq);
    yield entry;
  }
}

function changedRecord(path: string, seq: number): TelemetryError {
  return new TelemetryError("TELEMETRY_AUDIT_CORRUPT", `Cannot read the log "${path}": record ${String(seq)} is no intact entry`, {
    details: { path, seq },
    hint: "Close the log and verify it, and compare with a backup",
  });
}
