import { join } from "node:path";
import { createFileOnce, ensureDirectory, nodeFileSystem, replaceFile } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import { orLetGo } from "./internal/or-let-go.ts";
import { readArchives } from "./internal/read-archives.ts";
import { readWholeFile } from "./internal/read-whole-file.ts";
import type { OpenAuditLogOptions } from "./open-audit-log.ts";
import { type AuditArchivePlan, planAuditArchive } from "./plan-audit-archive.ts";

/** Options of {@link archiveAuditLog}. */
export interface ArchiveAuditLogOptions extends Omit<OpenAuditLogOptions, "archiveDirectory" | "clock" | "redactor" | "tornTail"> {
  /** Last entry that goes into the archive; the log keeps at least one, which names what was archived. */
  readonly throughSeq: number;
  /** Directory of the archives, made when there is none; `listAuditArchives` says how they are called. */
  readonly archiveDirectory: string;
}

/**
 * Moves the first lines of a log into an archive of their own: the archive is durable before the log gets shorter, and the log goes on where it was. Archives and
 * log are one log to whoever gives `archiveDirectory` when opening, joining or verifying: every checkpoint stays valid. Doing it again after a crash finishes it;
 * doing it again otherwise changes nothing.
 *
 * @returns what was done: its `archive` is null when all that was asked for had been archived before.
 * @throws RangeError when the log cannot be cut behind `throughSeq`: it is not there, or the last, or a branch goes on from an earlier entry.
 * @throws {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT` when the log or an archive does not hold.
 * @throws AtomicIoError `ATOMIC_IO_LOCK_HELD` when a writer keeps the lock.
 * @example Move the first entries out of the way, and verify all of them together
 * ```ts
 * import assert from "node:assert/strict";
 * import { archiveAuditLog, openAuditLog, verifyAuditFile } from "@gov/telemetry/audit";
 *
 * const log = await openAuditLog("decisions.jsonl");
 * const waived = { time: "2024-01-15T10:00:00.000Z", kind: "WAIVER", actor: "ann", subject: "gate/schema_lint", payload: null };
 * const entries = await log.append([waived, waived, waived], { expectedSeq: 0 });
 * await log.close();
 *
 * const archiveDirectory = "archive";
 * await archiveAuditLog("decisions.jsonl", { throughSeq: 2, archiveDirectory });
 * const report = await verifyAuditFile("decisions.jsonl", { archiveDirectory, checkpoint: entries[0] });
 * assert.deepEqual([report.ok, report.entries], [true, 3]);
 * assert.equal((await verifyAuditFile("decisions.jsonl")).ok, false);
 * ```
 */
export async function archiveAuditLog(path: string, options: ArchiveAuditLogOptions): Promise<AuditArchivePlan> {
  const { fs = nodeFileSystem, checkpoint, base, throughSeq, archiveDirectory } = options;
  const lock = options.lock ?? ((logPath: string) => acquireLock(`${logPath}.lock`, { fs, timeoutMs: 10_000 }));
  const { release } = await lock(path);
  const done = await orLetGo(release, async () => {
    const bytes = (await readWholeFile(path, fs)) ?? new Uint8Array();
    const archives = await readArchives(path, { fs, archiveDirectory });
    const plan = planAuditArchive(bytes, { archives, checkpoint, base, path, throughSeq });
    if (plan.archive !== null) {
      await ensureDirectory(archiveDirectory, { fs });
      await createFileOnce(join(archiveDirectory, plan.archive.name), plan.archive.bytes, { fs });
    }
    if (plan.rest.length < bytes.length) await replaceFile(path, plan.rest, { fs });
    return plan;
  });
  await release();
  return done;
}
