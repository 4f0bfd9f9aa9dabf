import { type LogCheckpoint, proveEntry, proveExtension } from "@gov/telemetry/audit";
import { type Block, type Command, InputError, stringFlag, UsageError } from "../command.ts";
import { orRefuse } from "../or-refuse.ts";
import { openRoot, rootFlags } from "../root/open-root.ts";
import { readCheckpoint } from "../root/read-checkpoint.ts";
import { readLog } from "../root/root-log.ts";

/** Proves that an entry is in the chained log, or that the log begins with what an earlier checkpoint covers, for somebody who holds checkpoints and not the log. */
export const auditProve: Command = {
  usage: "[seq]",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    since: { type: "string", value: "<file>", description: "an earlier checkpoint: proves that nothing it covers was changed since" },
    checkpoint: { type: "string", value: "<file>", description: "the checkpoint to prove it for (default: the head of the log)" },
    policy: {
      type: "string",
      value: "<file>",
      description: "whose signatures of them are enough (default: trust_policy.yaml in the root)",
    },
  },
  examples: [
    "gov audit prove 3",
    "gov audit prove 3 --checkpoint ~/checkpoint.json --format json",
    "gov audit prove --since ~/last-year.json --format json",
  ],
  async run(context, call) {
    const [given] = call.positionals;
    const [since, kept] = [stringFlag(call, "since"), stringFlag(call, "checkpoint")];
    if (given !== undefined && since !== undefined)
      throw new UsageError("Cannot prove an entry and a checkpoint at once", "either a number or --since");
    if (since === undefined && !/^[1-9]\d{0,14}$/.test(given ?? ""))
      throw new UsageError("Missing the number of an entry", "gov audit query lists them");
    const checkpoint = kept === undefined ? undefined : await readCheckpoint(context, call, kept);
    const { entries } = await readLog(context, (await openRoot(context, call)).directory, checkpoint);
    const { hash: head } = checkpoint ?? entries.at(-1) ?? {};
    if (head === undefined || entries.length === 0) throw noProof("There is no log to prove anything of");
    if (since === undefined) {
      const proven = await orRefuse(() => proveEntry(entries, { seq: Number(given), head }), noProof);
      const { entry, proof } = proven;
      return {
        data: { ...proven },
        findings: [],
        view: shown([["entry", `${entry.seq} ${entry.kind} ${entry.hash}`]], [`index ${proof.index} of ${proof.size}`], proven),
      };
    }
    const earlier = await readCheckpoint(context, call, since);
    const proven = await orRefuse(() => proveExtension(entries, { since: earlier, head }), noProof);
    const { seq, root } = proven.since;
    return {
      data: { ...proven },
      findings: [],
      view: shown([["begins with", `${seq} entries, root ${root}`]], [`first ${proven.proof.from} of ${proven.proof.to}`], proven),
    };
  },
};

function shown(
  rows: readonly (readonly [string, string])[],
  lines: readonly string[],
  { checkpoint, proof }: { readonly checkpoint: LogCheckpoint; readonly proof: { readonly hashes: readonly string[] } },
): readonly Block[] {
  return [
    { type: "values", rows: [...rows, ["of", `${checkpoint.seq} entries, root ${checkpoint.root}`]] },
    { type: "lines", lines: [...lines, ...proof.hashes] },
  ];
}

/** What was asked for is not so; that the log holds was seen before. */
function noProof(message: string): InputError {
  return new InputError("CLI_NO_PROOF", message, { hint: "gov audit query lists the entries, gov audit verify says whether they hold" });
}
