import { dirname, join } from "node:path";
import { ensureDirectory } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import { readFileBounded } from "@gov/index-writer";
import { joinAuditLog, openAuditLog, readAuditLog } from "@gov/telemetry/audit";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { decisionLog, maxLogBytes } from "./decision-log.ts";
import { isThere } from "./is-there.ts";
import type { LogStore } from "./log-store.ts";

/** An append takes a moment: whoever meets so many in a row is told. */
const maxTries = 20;

/** Opens the log where the configuration of the root keeps it; a service is reached only when something is asked of it. */
export async function openLog(context: Context, directory: string): Promise<LogStore> {
  const place = context.logOf(directory);
  if (place.store === "file") return fileLog(context, join(directory, decisionLog));
  const beside = await fileLog(context, join(directory, decisionLog)).read();
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

/** Reads the file of a log; where somebody appends in the same moment, again. */
async function readSettled({ fs }: Context, path: string): ReturnType<typeof readFileBounded> {
  for (let tries = 1; ; tries++) {
    const read = await readFileBounded(path, { maxBytes: maxLogBytes, fs, path: decisionLog });
    const isChanging = !read.ok && read.findings.some(({ code }) => code === "INDEX_FILE_CHANGED");
    if (!isChanging || tries === maxTries) return read;
  }
}

function fileLog(context: Context, path: string): LogStore {
  const { fs, lockWaitMs: timeoutMs } = context;
  const lock = (logPath: string) => acquireLock(`${logPath}.lock`, { fs, timeoutMs });
  return {
    shown: decisionLog,
    read: async (checkpoint) => {
      if (!(await isThere(context, path))) return null;
      const read = await readSettled(context, path);
      if (!read.ok) throw new InputError("CLI_LOG_UNREADABLE", `Cannot read the log "${decisionLog}"`, { findings: read.findings });
      return readAuditLog(read.value, { path: decisionLog, checkpoint });
    },
    append: async (run) => {
      await ensureDirectory(dirname(path), { fs });
      const log = await openAuditLog(path, { fs, lock });
      try {
        return await run(log);
      } finally {
        await log.close();
      }
    },
    setTailAside: async (checkpoint) => (await openAuditLog(path, { fs, lock, checkpoint, tornTail: "set-aside" })).close(),
    join: async (input) => ((await isThere(context, path)) ? joinAuditLog(path, input, { fs, lock }) : null),
  };
}
