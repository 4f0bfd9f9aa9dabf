import { freezePromotions } from "@gov/manifest/promotion";
import { formatUtc } from "@gov/telemetry";
import { type Command, isDryRun, requiredFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { orRefuse } from "../or-refuse.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionLog } from "../root/promotion-site.ts";

/** Freezes promotions for everybody who reads the decision log. */
export const promotionFreeze: Command = {
  usage: "<name>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    reason: { type: "string", value: "<text>", description: "why" },
    until: { type: "string", value: "<time>", description: "when it is to be lifted, RFC 3339 in UTC; it holds until it is" },
    owner: { type: "string", value: "<person>", description: "who lifts it (default: who freezes)" },
  },
  examples: ["gov promotion freeze audit --reason audit --until 2026-12-01T00:00:00Z"],
  async run(context, call) {
    const [name] = call.positionals;
    if (name === undefined) throw new UsageError("Missing the name of the freeze");
    const [reason, until] = [requiredFlag(call, "reason"), requiredFlag(call, "until")];
    const governed = await loadGoverned(context, call);
    const actor = await authorize(context, call, { place: governed, deed: { action: "promotion:freeze", subject: { id: name } } });
    const log = promotionLog(context, call, governed.root.directory);
    const freeze = { name, reason, until, owner: stringFlag(call, "owner") ?? actor.name };
    await orRefuse(
      () => freezePromotions(freeze, { actor: recordedActor(actor), log, clock: context.clock }),
      (message) => new UsageError(message, `such as gov promotion freeze audit-2 --reason audit --until ${nextWeek(context)}`),
    );
    return {
      data: { freeze, frozen: !isDryRun(call) },
      findings: [],
      view: [{ type: "line", mark: "warn", text: `${isDryRun(call) ? "Would freeze" : "Froze"} promotions: ${name}, ${reason}` }],
    };
  },
};

function nextWeek({ clock }: Context): string {
  return `${formatUtc(clock.now() + 7 * 86_400_000).slice(0, 10)}T00:00:00Z`;
}
