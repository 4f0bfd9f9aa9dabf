import { createFileOnce, isAtomicIoError, nodeFileSystem, replaceFile } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import { TelemetryError } from "../errors.ts";
import type { AuditCheckpoint } from "./audit-report.ts";
import type { AuditEntry } from "./entry.ts";
import { readWholeFile } from "./internal/read-whole-file.ts";
import { refusal } from "./internal/refusal.ts";
import { scanLog } from "./internal/scan-log.ts";
import type { OpenAuditLogOptions } from "./open-audit-log.ts";

/** Options of {@link archiveAuditLog}. */
export interface ArchiveAuditLogOptions extends Omit<OpenAuditLogOptions, "redactor" | "tornTail"> {
  /** Last entry that goes into the archive. */
  readonly throughSeq: number;
  /** File that gets the lines; it is never overwritten. */
  readonly archivePath: string;
}

/**
 * Moves the first lines of a log into an archive of their own: the archive is durable before the log gets shorter, and the log goes on where it was. What is
 * left verifies with the returned `base`; the archive's bytes with the log's behind them are the whole log again. Doing it again after a crash finishes it.
 *
 * @throws RangeError when the log does not hold `throughSeq`, or has branches: then no line stands for all before it.
 * @throws {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT` when the log does not hold; `TELEMETRY_ARCHIVE_EXISTS` when other bytes stand at the archive's path.
 */
export async function archiveAuditLog(path: string, options: ArchiveAuditLogOptions): Promise<{ readonly base: AuditCheckpoint }> {
  const { fs = nodeFileSystem, checkpoint, base, throughSeq, archivePath } = options;
  const lock = options.lock ?? ((logPath: string) => acquireLock(`${logPath}.lock`, { fs, timeoutMs: 10_000 }));
  const { release } = await lock(path);
  try {
    const bytes = (await readWholeFile(path, fs)) ?? new Uint8Array();
    const entries: AuditEntry[] = [];
    const { report } = scanLog(bytes, { checkpoint, base, path }, (entry) => entries.push(entry()));
    if (!report.ok) throw refusal(path, { report, isTorn: false });
    const count = throughSeq - (base?.seq ?? 0);
    const last = entries[count - 1];
    if (last?.seq !== throughSeq || entries.some(({ joins }) => joins !== undefined))
      throw new RangeError(`Cannot archive "${path}" through entry ${String(throughSeq)}: it must be one of a log without branches`);
    const length = lengthOfLines(bytes, count);
    await writeOnce(archivePath, bytes.subarray(0, length), fs);
    await replaceFile(path, bytes.subarray(length), { fs });
    return { base: { seq: last.seq, hash: last.hash } };
  } finally {
    await release();
  }
}

function lengthOfLines(bytes: Uint8Array, count: number): number {
  let end = 0;
  for (let line = 0; line < count; line++) end = bytes.indexOf(10, end) + 1;
  return end;
}

async function writeOnce(path: string, bytes: Uint8Array, fs: NonNullable<OpenAuditLogOptions["fs"]>): Promise<void> {
  try {
    await createFileOnce(path, bytes, { fs });
  } catch (error) {
    if (!isAtomicIoError(error) || error.code !== "ATOMIC_IO_TARGET_EXISTS") throw error;
    const found = (await readWholeFile(path, fs)) ?? new Uint8Array();
    if (Buffer.compare(found, bytes) === 0) return;
    throw new TelemetryError("TELEMETRY_ARCHIVE_EXISTS", `Cannot archive to "${path}": another file stands there`, {
      details: { path },
      hint: "Name the archive by the entries it holds",
      cause: error,
    });
  }
}
