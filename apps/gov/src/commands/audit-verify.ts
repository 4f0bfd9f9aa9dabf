import { join, resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { verifyAuditLog } from "@gov/telemetry/audit";
import { type Command, InputError } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { isThere } from "../root/is-there.ts";
import { rootFlags } from "../root/locate-root.ts";
import { openRoot } from "../root/open-root.ts";
import { decisionLog, maxLogBytes } from "../root/decision-log.ts";

/** Verifies a chained log and names the first entry that was altered; repairs nothing. */
export const auditVerify: Command = {
  usage: "[log]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov audit verify", "gov audit verify memory-bank/decisions/index.jsonl --format json"],
  async run(context, call) {
    const [given] = call.positionals;
    const absolute = given === undefined ? join((await openRoot(context, call)).directory, decisionLog) : resolve(context.cwd, given);
    const path = given ?? decisionLog;
    if (!(await isThere(context, absolute)))
      throw new InputError("CLI_NO_LOG", `There is no log "${path}"`, {
        hint: "the first event of a cycle begins one: gov cycle <id> create_plan",
      });
    const read = await readFileBounded(absolute, { maxBytes: maxLogBytes, fs: context.fs, path });
    if (!read.ok) throw new InputError("CLI_LOG_UNREADABLE", `Cannot read the log "${path}"`, { findings: read.findings });
    const report = verifyAuditLog(read.value, { path });
    const { ok, entries, head, firstAltered, findings } = report;
    return {
      data: { path, entries, head, firstAltered },
      findings,
      exitCode: ok ? undefined : exitCodes.integrity,
      view: [
        ok
          ? {
              type: "line",
              mark: "pass",
              text: `${entries} entr${entries === 1 ? "y" : "ies"}, each chained to the one before; head ${head?.hash ?? "none"}`,
            }
          : {
              type: "line",
              mark: "fail",
              text: firstAltered === null ? "The log does not hold" : `The log does not hold from line ${firstAltered.line} on`,
            },
      ],
    };
  },
};
