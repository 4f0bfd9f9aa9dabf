import { appendLine, type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import type { Digest } from "@gov/schema/canonical";
import { TelemetryError } from "../errors.ts";
import { type AuditEntry, type AuditInput, encodeEntry } from "./entry.ts";
import { readWholeFile } from "./internal/read-whole-file.ts";
import { setAside, startOfLastLine } from "./internal/set-aside.ts";
import { type AuditCheckpoint, type AuditReport, readAuditLog } from "./verify-audit-log.ts";

/** Options of {@link openAuditLog}. */
export interface OpenAuditLogOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Takes the lock that keeps out other writers for as long as the log is open. @default `acquireLock` on the log's path and `.lock`, waiting up to 10 seconds */
  readonly lock?: ((path: string) => Promise<{ readonly release: () => Promise<void> }>) | undefined;
  /** What the log must at least hold; a log that does not is refused. */
  readonly checkpoint?: AuditCheckpoint | undefined;
  /**
   * What to do with a last line that does not hold: an append that a crash interrupted and that was never acknowledged, or a tampered tail.
   * `set-aside` cuts it off and keeps its bytes beside the log, in `<path>.torn-<first digits of their digest>`; never what the checkpoint covers. @default "refuse"
   */
  readonly tornTail?: "refuse" | "set-aside" | undefined;
}

/** Options of {@link AuditLog.append}. */
export interface AppendOptions {
  /** Number of the last entry the caller knows of, 0 for an empty log. */
  readonly expectedSeq: number;
}

/** An append-only chained log with one writer at a time; the file store of the `EntryLog` port. */
export interface AuditLog extends AsyncDisposable {
  /** Last entry, or null while the log is empty. */
  readonly head: () => AuditCheckpoint | null;
  /**
   * Appends entries in order and resolves with them once they survive a power cut. A batch is not atomic: after a crash some of its first entries may stand.
   *
   * @throws {@link TelemetryError} `TELEMETRY_SEQUENCE_CONFLICT` when the log goes on beyond `expectedSeq`: nothing was written; read, decide again, retry.
   * `TELEMETRY_AUDIT_UNCERTAIN` when writing failed: open the log again to see what stands. `TELEMETRY_AUDIT_CLOSED`, `TELEMETRY_AUDIT_CORRUPT`.
   * @throws RangeError when an entry is out of bounds; nothing was written.
   */
  readonly append: (entries: readonly AuditInput[], options: AppendOptions) => Promise<readonly AuditEntry[]>;
  /** Yields the entries from a sequence number on, as they stand when asked. */
  readonly read: (fromSeq?: number) => AsyncIterable<AuditEntry>;
  /** Lets go of the lock; waits for appends under way. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a log of one canonical JSON line per entry for appending; creates it with the first entry. Takes the lock, verifies the whole chain, and refuses a
 * log that does not hold, so that nothing is ever chained to an altered entry (TEL-06, TEL-07).
 *
 * @throws {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT`, or `TELEMETRY_AUDIT_TORN` when only the last line does not hold; `details.report` says what.
 * @throws AtomicIoError `ATOMIC_IO_LOCK_HELD` when another writer keeps the lock, with its owner in `details.owner`.
 */
export async function openAuditLog(path: string, options: OpenAuditLogOptions = {}): Promise<AuditLog> {
  const { fs = nodeFileSystem, checkpoint, tornTail = "refuse" } = options;
  const lock = options.lock ?? ((logPath: string) => acquireLock(`${logPath}.lock`, { fs, timeoutMs: 10_000 }));
  const { release } = await lock(path);
  try {
    const bytes = (await readWholeFile(path, fs)) ?? new Uint8Array();
    const { report } = readAuditLog(bytes, { checkpoint, path });
    const isTorn = hasOnlyTornTail(report);
    if (!report.ok && !(isTorn && tornTail === "set-aside")) throw refusal(path, report);
    const length = isTorn ? startOfLastLine(bytes) : bytes.length;
    if (isTorn) await setAside(path, { fs, tail: bytes.subarray(length), length });
    return createLog(path, { fs, state: { head: report.head, length }, release });
  } catch (error) {
    await release();
    throw error;
  }
}

/** What the writer knows of its file. */
interface State {
  readonly head: AuditCheckpoint | null;
  /** Length of the file in bytes. */
  readonly length: number;
}

function hasOnlyTornTail({ findings }: AuditReport): boolean {
  return findings.length === 1 && findings[0]?.code === "TELEMETRY_AUDIT_TAIL_UNVERIFIED";
}

function createLog(
  path: string,
  { fs, state, release }: { readonly fs: FileSystem; readonly state: State; readonly release: () => Promise<void> },
): AuditLog {
  let current = state;
  let failure: unknown = null;
  let closing: Promise<void> | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  const append = async (inputs: readonly AuditInput[], { expectedSeq }: AppendOptions): Promise<readonly AuditEntry[]> => {
    if (failure !== null) throw uncertain(path, failure);
    const last = current.head?.seq ?? 0;
    if (expectedSeq !== last) throw conflict(path, { expectedSeq, last });
    const encoded = encodeAll(inputs, current.head);
    if ((await lengthOf(path, fs)) !== current.length) throw changedUnderneath(path);
    for (const { entry, line } of encoded) {
      try {
        const { bytes } = await appendLine(path, line, { fs });
        current = { head: { seq: entry.seq, hash: entry.hash }, length: current.length + bytes };
      } catch (error) {
        failure = error;
        throw uncertain(path, error);
      }
    }
    return encoded.map(({ entry }) => entry);
  };

  const close = (): Promise<void> => (closing ??= queue.then(release));
  return {
    head: () => current.head,
    append: (inputs, options) => {
      if (closing !== null) return Promise.reject(closed(path));
      const result = queue.then(() => append(inputs, options));
      queue = result.catch(() => undefined);
      return result;
    },
    read: (fromSeq = 1) => readFrom(path, { fs, fromSeq, length: () => current.length }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function encodeAll(inputs: readonly AuditInput[], head: AuditCheckpoint | null): readonly ReturnType<typeof encodeEntry>[] {
  const encoded: ReturnType<typeof encodeEntry>[] = [];
  let seq = head?.seq ?? 0;
  let prev: Digest | null = head?.hash ?? null;
  for (const input of inputs) {
    const next = encodeEntry(input, { seq: ++seq, prev });
    prev = next.entry.hash;
    encoded.push(next);
  }
  return encoded;
}

async function* readFrom(
  path: string,
  { fs, fromSeq, length }: { readonly fs: FileSystem; readonly fromSeq: number; readonly length: () => number },
): AsyncGenerator<AuditEntry> {
  const wanted = length();
  const bytes = ((await readWholeFile(path, fs)) ?? new Uint8Array()).subarray(0, wanted);
  const { entries, report } = readAuditLog(bytes, { path });
  if (!report.ok || bytes.length < wanted) throw refusal(path, report);
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

function refusal(path: string, report: AuditReport): TelemetryError {
  const isTail = hasOnlyTornTail(report);
  const reason = report.findings[0]?.message ?? "it became shorter";
  return new TelemetryError(isTail ? "TELEMETRY_AUDIT_TORN" : "TELEMETRY_AUDIT_CORRUPT", `Cannot use the log "${path}": ${reason}`, {
    details: { path, report },
    hint: isTail
      ? `Look at the last line; when a crash has left it, open with tornTail "set-aside"`
      : "Compare with a backup or another clone; nothing is appended to a log that does not hold",
  });
}

function conflict(path: string, { expectedSeq, last }: { readonly expectedSeq: number; readonly last: number }): TelemetryError {
  return new TelemetryError(
    "TELEMETRY_SEQUENCE_CONFLICT",
    `Cannot append to "${path}" after entry ${String(expectedSeq)}: its last entry is ${String(last)}`,
    {
      details: { path, expectedSeq, lastSeq: last },
      hint: "Read the entries in between, decide again, and append after the last one",
    },
  );
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

function uncertain(path: string, cause: unknown): TelemetryError {
  return new TelemetryError("TELEMETRY_AUDIT_UNCERTAIN", `Cannot append to "${path}": writing failed, and what stands is uncertain`, {
    details: { path },
    hint: "Close the log and open it again to see which entries stand",
    cause,
  });
}

function closed(path: string): TelemetryError {
  return new TelemetryError("TELEMETRY_AUDIT_CLOSED", `Cannot append to "${path}": the log has been closed`, { details: { path } });
}
