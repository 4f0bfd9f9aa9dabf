import { checkpointAt } from "@gov/telemetry/audit";
import { type Command, InputError } from "../command.ts";
import { openRoot, rootFlags } from "../root/open-root.ts";
import { readLog } from "../root/root-log.ts";

/** Names the last entry of the chained log, and the root over all before it: what a verifier keeps outside the log. */
export const auditCheckpoint: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov audit checkpoint", "gov audit checkpoint --format json"],
  async run(context, call) {
    const { directory } = await openRoot(context, call);
    const { entries } = await readLog(context, directory);
    const last = entries.at(-1);
    if (last === undefined)
      throw new InputError("CLI_NO_LOG", "There is no log to take a checkpoint of", {
        hint: "the first event of a cycle begins one: gov cycle <id> create_plan",
      });
    const checkpoint = checkpointAt(entries, last.hash);
    const { seq, hash, root } = checkpoint;
    return {
      data: { checkpoint },
      findings: [],
      view: [
        {
          type: "values",
          rows: [
            ["entries", String(seq)],
            ["head", hash],
            ["root", root],
          ],
        },
      ],
    };
  },
};
