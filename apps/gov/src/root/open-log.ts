import { dirname, join } from "node:path";
import { ensureDirectory } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import { isTelemetryError } from "@gov/telemetry";
import {
  archiveAuditLog,
  type AuditReport,
  joinAuditLog,
  openAuditLog,
  planAuditArchive,
  planAuditJoin,
  readAuditLog,
} from "@gov/telemetry/audit";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { decisionArchives, decisionLog } from "./decision-log.ts";
import { decisionRedactor } from "./decision-redactor.ts";
import { isThere } from "./is-there.ts";
import type { LogStore } from "./log-store.ts";
import { readLogFiles } from "./read-log-files.ts";

/** Opens the log where the configuration of the root keeps it; a service is reached only when something is asked of it. */
export async function openLog(context: Context, directory: string): Promise<LogStore> {
  const place = context.logOf(directory);
  if (place.store === "file") return fileLog(context, directory);
  const beside = await fileLog(context, directory).read();
  // Two logs of one root would be two truths; which one counts is for a person to say.
  if (beside !== null && beside.entries.length > 0)
    throw new InputError(
      "CLI_LOG_SPLIT",
      `The log is kept in PostgreSQL, and "${decisionLog}" holds ${String(beside.entries.length)} entries`,
      {
        hint: "gov audit verify it once more, move it to an archive folder, and begin the new log",
      },
    );
  const { postgresLog } = await import("./postgres-log.ts");
  return postgresLog(context, place.name);
}

function fileLog(context: Context, directory: string): LogStore {
  const { fs, lockWaitMs: timeoutMs } = context;
  const path = join(directory, decisionLog);
  const archiveDirectory = join(directory, decisionArchives);
  const lock = (logPath: string) => acquireLock(`${logPath}.lock`, { fs, timeoutMs });
  const files = { path, archiveDirectory, shown: decisionLog, shownArchives: decisionArchives };
  return {
    shown: decisionLog,
    read: async (checkpoint) => {
      const read = await readLogFiles(context, files);
      return read === null ? null : readAuditLog(read.bytes, { path: decisionLog, archives: read.archives, checkpoint });
    },
    append: async (run) => {
      await ensureDirectory(dirname(path), { fs });
      const log = await openAuditLog(path, { fs, lock, archiveDirectory, redactor: decisionRedactor() });
      try {
        return await run(log);
      } finally {
        await log.close();
      }
    },
    setTailAside: async (checkpoint) => {
      try {
        await (await openAuditLog(path, { fs, lock, archiveDirectory, checkpoint, tornTail: "set-aside" })).close();
      } catch (error) {
        // Branches that nobody has joined are for gov audit join: the tail is cut off.
        if (!isUnjoined(error)) throw error;
      }
    },
    heads: async () => {
      const read = await readLogFiles(context, files);
      return read === null ? [] : planAuditJoin(read.bytes, { path: decisionLog, archives: read.archives }).heads;
    },
    join: async (input) =>
      (await isThere(context, path)) ? joinAuditLog(path, input, { fs, lock, archiveDirectory, redactor: decisionRedactor() }) : null,
    archive: async (throughSeq, { isDryRun }) => {
      const read = await readLogFiles(context, files);
      if (read === null) return null;
      return isDryRun
        ? planAuditArchive(read.bytes, { path: decisionLog, archives: read.archives, throughSeq })
        : archiveAuditLog(path, { fs, lock, archiveDirectory, throughSeq });
    },
  };
}

function isUnjoined(error: unknown): boolean {
  const report = isTelemetryError(error) ? (error.details["report"] as AuditReport | undefined) : undefined;
  return report?.findings.every(({ code }) => code === "TELEMETRY_AUDIT_FORK_UNJOINED") === true;
}
