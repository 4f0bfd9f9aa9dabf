import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import { type Journal, type JournalView, openJournal, readJournal } from "@gov/atomic-io/journal";
import { acquireLock } from "@gov/atomic-io/lock";
import type { Clock } from "../clock.ts";
import { nodeClock } from "../node-clock.ts";
import type { Redactor } from "../redact/create-redactor.ts";
import type { AuditLog } from "./audit-log.ts";
import type { AuditEntry } from "./entry.ts";
import { decodeEntry } from "./internal/entry-codec.ts";
import { createCommitPace } from "./internal/commit-pace.ts";
import { createEntryWriter } from "./internal/entry-writer.ts";
import { createChainedLog, type LineStore } from "./internal/chained-log.ts";
import type { Lines } from "./internal/line-block.ts";
import { refusal } from "./internal/refusal.ts";
import { createLogPass } from "./internal/scan-log.ts";
import type { AuditCheckpoint, AuditReport, VerifyAuditLogOptions } from "./audit-report.ts";

/** Options of {@link openAuditJournal}. */
export interface OpenAuditJournalOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Takes the lock that keeps out other writers for as long as the log is open. @default `acquireLock` on the directory's path and `.lock`, waiting up to 10 seconds */
  readonly lock?: ((directory: string) => Promise<{ readonly release: () => Promise<void> }>) | undefined;
  /** What the log must at least hold; a log that does not is refused. */
  readonly checkpoint?: AuditCheckpoint | undefined;
  /** The entry before the first one here, where earlier ones were archived. */
  readonly base?: AuditCheckpoint | undefined;
  /** Goes over every payload before it is chained; secrets leave `actor` and `subject` too. @default `createRedactor()`, every detector */
  readonly redactor?: Redactor | undefined;
  /** Tells how long commits take, and with that when the next one had better begin. @default nodeClock */
  readonly clock?: Clock | undefined;
}

/** A chained log in a journal. */
export interface AuditJournal extends AuditLog {
  /** Removes whole segments that hold only entries before `keepFromSeq`; archive them first, what is left verifies with their last entry as `base`. */
  readonly rotate: (keepFromSeq: number) => Promise<void>;
}

/** Options of {@link verifyAuditJournal}. */
export interface VerifyAuditJournalOptions extends Omit<VerifyAuditLogOptions, "path"> {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/**
 * Opens a chained log in a journal directory, for events at rate: batches are atomic, many producers share one sync, and a writer that was superseded gets
 * no acknowledgement. Each record is the line of an entry as {@link openAuditLog} writes it, without line feed (docs/formats/audit-journal-v1.md).
 *
 * @throws {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT` when the chain does not hold; `details.report` says what.
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
  const { fs = nodeFileSystem, checkpoint, base } = options;
  const lock = options.lock ?? ((path: string) => acquireLock(`${path}.lock`, { fs, timeoutMs: 10_000 }));
  const { release } = await lock(directory);
  try {
    const journal = await openJournal(directory, { fs });
    try {
      const report = await verifyRecords(journal, { isTorn: false, checkpoint, base, path: directory });
      if (!report.ok) throw refusal(directory, { report, isTorn: false });
      const log = createChainedLog(directory, lineJournal(journal, release), {
        start: report.head ?? base ?? null,
        write: createEntryWriter(options.redactor),
        pace: createCommitPace(options.clock ?? nodeClock),
      });
      return { ...log, rotate: (keepFromSeq) => rotate(journal, { keepFromSeq, base }) };
    } catch (error) {
      await journal.close();
      throw error;
    }
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Verifies a log in a journal as {@link verifyAuditLog} does one of lines, and changes nothing. A line is the record's place. A last commit that does not hold is
 * `TELEMETRY_AUDIT_TAIL_UNVERIFIED`, and an altered entry when the checkpoint covers it. Works beside a writer, whose commit under way it can take for such a tail:
 * then verify again.
 *
 * @throws AtomicIoError `ATOMIC_IO_JOURNAL_CORRUPT` when the journal's own checksums do not hold: then no entry can be named.
 */
export async function verifyAuditJournal(directory: string, options: VerifyAuditJournalOptions = {}): Promise<AuditReport> {
  const { fs = nodeFileSystem, checkpoint, base } = options;
  const journal = await readJournal(directory, { fs });
  return verifyRecords(journal, { isTorn: journal.isTorn, checkpoint, base, path: directory });
}

async function verifyRecords(
  journal: JournalView,
  { isTorn, ...options }: VerifyAuditLogOptions & { readonly isTorn: boolean },
): Promise<AuditReport> {
  const pass = createLogPass(options);
  let lines: Uint8Array[] = [];
  let length = 0;
  const feed = (): void => {
    pass.feed(Buffer.concat(lines, length));
    lines = [];
    length = 0;
  };
  for await (const { data } of journal.read()) {
    lines.push(data, lineFeed);
    length += data.length + 1;
    if (length >= partSize) feed();
  }
  feed();
  if (isTorn) pass.noteTail("it is no whole commit of the journal");
  return pass.finish().report;
}

/** How many bytes are verified at a time. */
const partSize = 262_144;

const lineFeed = Buffer.from("\n");

function lineJournal(journal: Journal, release: () => Promise<void>): LineStore {
  return {
    check: () => Promise.resolve(),
    commit: async (lines) => {
      await journal.append(recordsOf(lines));
    },
    read: (fromSeq) => readFrom(journal, fromSeq),
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

async function* readFrom(journal: JournalView, fromSeq: number): AsyncGenerator<AuditEntry> {
  for await (const { data } of journal.read()) {
    // Opened and written by this holder, so the chain has been verified; only what is damaged since shows here, by the journal's checksums.
    const { entry } = decodeEntry(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
    if (entry !== null && entry.seq >= fromSeq) yield entry;
  }
}

/** Records and entries are numbered alike but for the entries that were archived before. */
async function rotate(
  journal: Journal,
  { keepFromSeq, base }: { readonly keepFromSeq: number; readonly base: AuditCheckpoint | undefined },
): Promise<void> {
  const first = await firstSeqOf(journal);
  const shift = (first ?? (base?.seq ?? 0) + 1) - journal.firstSeq;
  await journal.rotate(keepFromSeq - shift);
}

async function firstSeqOf(journal: JournalView): Promise<number | null> {
  for await (const entry of readFrom(journal, 1)) return entry.seq;
  return null;
}
