import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import { TelemetryError } from "../errors.ts";
import type { Clock } from "../clock.ts";
import { nodeClock } from "../node-clock.ts";
import type { Redactor } from "../redact/create-redactor.ts";
import type { AuditLog } from "./audit-log.ts";
import type { AuditEntry } from "./entry.ts";
import { appendBytes } from "./internal/append-bytes.ts";
import { createChainedLog, type LineStore } from "./internal/chained-log.ts";
import { createCommitPace } from "./internal/commit-pace.ts";
import { createEntryWriter } from "./internal/entry-writer.ts";
import { feedLog, type LogFiles } from "./internal/feed-file.ts";
import { maxCommitBytes } from "./internal/log-findings.ts";
import { orLetGo } from "./internal/or-let-go.ts";
import { readArchives } from "./internal/read-archives.ts";
import { readWholeFile } from "./internal/read-whole-file.ts";
import { refusal } from "./internal/refusal.ts";
import { createLogPass, scanLog } from "./internal/scan-log.ts";
import { setAside } from "./internal/set-aside.ts";
import type { AuditCheckpoint } from "./audit-report.ts";

/** Options of {@link openAuditLog}. */
export interface OpenAuditLogOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Takes the lock that keeps out other writers for as long as the log is open. @default `acquireLock` on the log's path and `.lock`, waiting up to 10 seconds */
  readonly lock?: ((path: string) => Promise<{ readonly release: () => Promise<void> }>) | undefined;
  /** What the log must at least hold; a log that does not is refused. */
  readonly checkpoint?: AuditCheckpoint | undefined;
  /** Where `archiveAuditLog` has put the first entries of the log; they are verified with it. @default nowhere */
  readonly archiveDirectory?: string | undefined;
  /** The entry before the first one here, where earlier ones are kept elsewhere. */
  readonly base?: AuditCheckpoint | undefined;
  /** Goes over every payload before it is chained; secrets leave `actor` and `subject` too. @default `createRedactor()`, every detector */
  readonly redactor?: Redactor | undefined;
  /** Tells how long commits take, and with that when the next one had better begin. @default nodeClock */
  readonly clock?: Clock | undefined;
  /**
   * What to do with a tail that does not hold: an append that a crash interrupted and that was never acknowledged, or a tampered tail.
   * `set-aside` cuts it off and keeps its bytes beside the log, in `<path>.torn-<first digits of their digest>`; never what the checkpoint covers. @default "refuse"
   */
  readonly tornTail?: "refuse" | "set-aside" | undefined;
}

/**
 * Opens a log of one canonical JSON line per entry for appending; creates it with the first entry. Takes the lock, verifies the whole chain, and refuses a
 * log that does not hold, so that nothing is ever chained to an altered entry (TEL-06, TEL-07).
 *
 * @throws {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT`, or `TELEMETRY_AUDIT_TORN` when only its tail does not hold; `details.report` says what.
 * @throws AtomicIoError `ATOMIC_IO_LOCK_HELD` when another writer keeps the lock, with its owner in `details.owner`.
 */
export async function openAuditLog(path: string, options: OpenAuditLogOptions = {}): Promise<AuditLog> {
  const { fs = nodeFileSystem, checkpoint, base, archiveDirectory, tornTail = "refuse" } = options;
  const lock = options.lock ?? ((logPath: string) => acquireLock(`${logPath}.lock`, { fs, timeoutMs: 10_000 }));
  const { release } = await lock(path);
  return orLetGo(release, async () => {
    const pass = createLogPass({ checkpoint, base, path });
    const found = await feedLog(path, { fs, archiveDirectory, pass });
    const { report, tornFrom } = pass.finish();
    if (!report.ok && !(tornFrom !== null && tornTail === "set-aside")) throw refusal(path, { report, isTorn: tornFrom !== null });
    const length = tornFrom ?? found;
    if (tornFrom !== null) {
      const bytes = (await readWholeFile(path, fs)) ?? new Uint8Array();
      await setAside(path, { fs, tail: bytes.subarray(length), length });
      // Without its tail a log may still have several ends, on none of which anything can follow.
      const findings = report.findings.filter(({ code }) => code === "TELEMETRY_AUDIT_FORK_UNJOINED");
      if (findings.length > 0) throw refusal(path, { report: { ...report, findings }, isTorn: false });
    }
    return createChainedLog(path, lineFile(path, { fs, base, archiveDirectory, length, release }), {
      start: report.head ?? base ?? null,
      write: createEntryWriter(options.redactor),
      pace: createCommitPace(options.clock ?? nodeClock),
    });
  });
}

function lineFile(
  path: string,
  {
    fs,
    base,
    archiveDirectory,
    length: start,
    release,
  }: LogFiles & {
    readonly base: AuditCheckpoint | undefined;
    readonly length: number;
    readonly release: () => Promise<void>;
  },
): LineStore {
  let length = start;
  // The name of a file found here may have been made by somebody who crashed before making it durable.
  let isNameDurable = false;
  return {
    check: async () => {
      if ((await lengthOf(path, fs)) !== length) throw changedUnderneath(path);
    },
    commit: async ({ bytes, ends }) => {
      let start = 0;
      for (const end of syncedEnds(ends)) {
        await appendBytes(path, bytes.subarray(start, end), { fs, length, isNew: !isNameDurable });
        isNameDurable = true;
        length += end - start;
        start = end;
      }
    },
    read: (fromSeq) => readFrom(path, { fs, base, archiveDirectory, fromSeq, wanted: () => length }),
    close: release,
  };
}

/** Where each part of a commit ends that is synced on its own: no more than a torn tail may hold, unless it is one line, which is a torn tail at any length. */
function syncedEnds(ends: readonly number[]): readonly number[] {
  let start = 0;
  return ends.filter((end, index) => {
    const next = ends[index + 1];
    if (next !== undefined && next - start <= maxCommitBytes) return false;
    start = end;
    return true;
  });
}

async function* readFrom(
  path: string,
  {
    fs,
    base,
    archiveDirectory,
    fromSeq,
    wanted,
  }: LogFiles & {
    readonly base: AuditCheckpoint | undefined;
    readonly fromSeq: number;
    readonly wanted: () => number;
  },
): AsyncGenerator<AuditEntry> {
  const length = wanted();
  const bytes = ((await readWholeFile(path, fs)) ?? new Uint8Array()).subarray(0, length);
  const entries: AuditEntry[] = [];
  const archives = await readArchives(path, { fs, archiveDirectory });
  const { report } = scanLog(bytes, { base, archives, path }, (entry) => entries.push(entry()));
  if (!report.ok || bytes.length < length) throw refusal(path, { report, isTorn: false });
  for (const entry of entries) if (entry.seq >= fromSeq) yield entry;
}

async function lengthOf(path: string, fs: FileSystem): Promise<number> {
  try {
    return (await fs.stat(path)).size;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return 0;
    throw error;
  }
}

function changedUnderneath(path: string): TelemetryError {
  return new TelemetryError(
    "TELEMETRY_AUDIT_CORRUPT",
    `Cannot append to "${path}": it was changed by somebody who does not hold its lock`,
    {
      details: { path },
      hint: "Close the log, verify it, and open it again",
    },
  );
}
