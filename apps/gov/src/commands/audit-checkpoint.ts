import { formatUtc } from "@gov/telemetry";
import { checkpointAt, signCheckpoint } from "@gov/telemetry/audit";
import { type Command, InputError, stringFlag } from "../command.ts";
import { decisionLog } from "../root/decision-log.ts";
import { openRoot, rootFlags } from "../root/open-root.ts";
import { readLog } from "../root/root-log.ts";
import { fileSigner } from "../root/signing-key.ts";

/** Names the last entry of the chained log, and the root over all before it: what a verifier keeps outside the log. */
export const auditCheckpoint: Command = {
  usage: "",
  maxPositionals: 0,
  flags: {
    ...rootFlags,
    key: { type: "string", value: "<file>", description: "private key (PEM) to sign it with; the signed checkpoint is printed" },
  },
  examples: ["gov audit checkpoint --format json", "gov audit checkpoint --key ~/.config/gov/ann.pem"],
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
    const key = stringFlag(call, "key");
    if (key !== undefined) {
      const signer = await fileSigner(context, key, { directory });
      const envelope = await signCheckpoint(checkpoint, { log: decisionLog, time: formatUtc(context.clock.now()), signer });
      return { data: { checkpoint, envelope }, findings: [], view: [{ type: "raw", text: `${JSON.stringify(envelope)}\n` }] };
    }
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
