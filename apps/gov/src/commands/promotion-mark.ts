import { applyStatus, planStatus, type PromotionStatus, readPromotionBoard } from "@gov/manifest/promotion";
import { type Command, isDryRun } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { nameOfRecorded, recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionSite } from "../root/promotion-site.ts";
import { requirePromotionRules } from "../root/require-promotion-rules.ts";
import { proveManifest, readManifest } from "../root/sealed-manifest.ts";

/** Hands a sealed manifest over for review. */
export const promotionReview: Command = marking("review", "gov promotion review");

/** Marks a manifest as approved, by the people other than its author whose signatures verify. */
export const promotionApprove: Command = marking("approved", "gov promotion approve");

/** Takes a manifest back to draft: it is promoted no further. */
export const promotionWithdraw: Command = marking("draft", "gov promotion withdraw");

function marking(to: PromotionStatus, name: string): Command {
  const action = name.replace("gov promotion ", "promotion:");
  return {
    usage: "<manifest>",
    maxPositionals: 1,
    flags: rootFlags,
    examples: [`${name} frameworks/planning-be/manifests/PLN-BE-2026-01-handoff_manifest.yaml`],
    async run(context, call) {
      const governed = await loadGoverned(context, call);
      const rules = requirePromotionRules(governed);
      const standing = await readManifest(context, call, governed);
      const { manifestId: id, createdBy } = standing.model;
      const author = nameOfRecorded(createdBy);
      const actor = await authorize(context, call, { place: governed, deed: { action, subject: { id, authors: [author] } } });
      const { promoted: manifest, verified } = await proveManifest(context, standing);
      const { digest } = manifest;
      const { log } = promotionSite(context, governed.root.directory);
      const approvedBy = verified.signers.map(({ person }) => person);
      const planned = planStatus({ manifest, to, author, approvedBy }, { board: await readPromotionBoard(log), rules });
      if (!planned.ok)
        return {
          data: { manifestId: id, digest, changed: false },
          findings: planned.findings,
          exitCode: exitCodes.findings,
          view: [{ type: "line", mark: "fail", text: `${id} does not become ${to}` }],
        };
      const { from } = planned.value;
      const { clock } = context;
      if (!isDryRun(call))
        await applyStatus(planned.value, { id: `${digest}/${to}/${String(clock.now())}`, actor: recordedActor(actor), log, clock });
      return {
        data: { manifestId: id, digest, from, to, changed: !isDryRun(call) },
        findings: [],
        view: [{ type: "line", mark: "pass", text: `${id} ${isDryRun(call) ? "would become" : "is now"} ${to}, after ${from}` }],
      };
    },
  };
}
