import { planRevocation } from "@gov/gates/waivers";
import { type Command, isDryRun, requiredFlag, UsageError } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { appendToLog } from "../root/root-log.ts";
import { waiverSite, writeWaiverDatabase } from "../root/waiver-site.ts";

/** Ends a waiver before it expires. */
export const waiverRevoke: Command = {
  usage: "<waiver>",
  maxPositionals: 1,
  flags: { ...rootFlags, reason: { type: "string", value: "<text>", description: "why" } },
  examples: ["gov waiver revoke W-1 --reason mended"],
  async run(context, call) {
    const [id] = call.positionals;
    if (id === undefined) throw new UsageError("Missing the id of the waiver", "gov waiver list shows them");
    const reason = requiredFlag(call, "reason");
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const actor = await authorize(context, call, { place: governed, deed: { action: "waiver:revoke", subject: { id } } });
    const { log, entries, policy } = await waiverSite(context, governed);
    const plan = planRevocation({ id, by: actor.name, reason }, { entries });
    if (!plan.ok)
      return {
        data: { id, revoked: false },
        findings: plan.findings,
        exitCode: exitCodes.findings,
        view: [{ type: "line", mark: "fail", text: `${id} is not revoked` }],
      };
    if (!isDryRun(call)) {
      await appendToLog(context, directory, { entries: [plan.entry], subject: id, expectedSeq: log.seq, actor: recordedActor(actor) });
      await writeWaiverDatabase(context, directory, { entries: [...entries, plan.entry], policy });
    }
    return {
      data: { id, revoked: !isDryRun(call) },
      findings: [],
      view: [{ type: "line", mark: "pass", text: `${actor.name} ${isDryRun(call) ? "would revoke" : "revoked"} ${id}: ${reason}` }],
    };
  },
};
