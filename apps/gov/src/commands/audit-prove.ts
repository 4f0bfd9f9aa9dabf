import { chainTo, checkpointAt, proveInclusion } from "@gov/telemetry/audit";
import { type Command, InputError, UsageError } from "../command.ts";
import { openRoot, rootFlags } from "../root/open-root.ts";
import { readLog } from "../root/root-log.ts";

/** Proves that one entry is in the chained log, for somebody who holds a checkpoint and not the log. */
export const auditProve: Command = {
  usage: "<seq>",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov audit prove 3", "gov audit prove 3 --format json"],
  async run(context, call) {
    const [given = ""] = call.positionals;
    if (!/^[1-9]\d{0,14}$/.test(given)) throw new UsageError("Missing the number of an entry", "gov audit query lists them");
    const { directory } = await openRoot(context, call);
    const { entries } = await readLog(context, directory);
    const last = entries.at(-1);
    const chain = last === undefined ? [] : chainTo(entries, last.hash);
    const entry = chain[Number(given) - 1];
    if (last === undefined || entry === undefined)
      throw new InputError("CLI_NO_ENTRY", `There is no entry ${given} in the chain of the log`, {
        hint: "gov audit query lists the entries",
      });
    const checkpoint = checkpointAt(entries, last.hash);
    const proof = proveInclusion(
      chain.map(({ hash }) => hash),
      Number(given) - 1,
    );
    return {
      data: { entry, checkpoint, proof },
      findings: [],
      view: [
        {
          type: "values",
          rows: [
            ["entry", `${entry.seq} ${entry.kind} ${entry.hash}`],
            ["of", `${checkpoint.seq} entries, root ${checkpoint.root}`],
          ],
        },
        { type: "lines", lines: [`index ${proof.index} of ${proof.size}`, ...proof.hashes] },
      ],
    };
  },
};
