import { unfreezePromotions } from "@gov/manifest/promotion";
import { type Command, isDryRun, UsageError } from "../command.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { passesCheck } from "../root/check-gate.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionLog } from "../root/promotion-site.ts";

/** Lifts a freeze by hand once `gov check` finds no error in what stands. */
export const promotionUnfreeze: Command = {
  usage: "<name>",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov promotion unfreeze audit"],
  async run(context, call) {
    const [name] = call.positionals;
    if (name === undefined) throw new UsageError("Missing the name of the freeze");
    const governed = await loadGoverned(context, call);
    const actor = await authorize(context, call, { place: governed, deed: { action: "promotion:unfreeze", subject: { id: name } } });
    const log = promotionLog(context, call, governed.root.directory);
    const gate = () => passesCheck(context, call);
    await unfreezePromotions(name, { actor: recordedActor(actor), log, clock: context.clock, gate });
    return {
      data: { freeze: name, lifted: !isDryRun(call) },
      findings: [],
      view: [{ type: "line", mark: "pass", text: `${isDryRun(call) ? "Would lift" : "Lifted"} the freeze ${name}` }],
    };
  },
};
