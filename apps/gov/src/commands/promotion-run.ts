import {
  applyPromotion,
  planPromotion,
  type PromotionCause,
  promotionCauses,
  readPlacedArtifacts,
  readPromotionBoard,
  standAsSealed,
} from "@gov/manifest/promotion";
import { type Call, type Command, isDryRun, requiredFlag, stringFlag, UsageError } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { environmentSite } from "../root/promotion-site.ts";
import { requirePromotionRules } from "../root/require-promotion-rules.ts";
import { proveManifest, readManifest } from "../root/sealed-manifest.ts";
import { requireSigners } from "../root/signing-key.ts";
import { requireTrustPolicy } from "../root/trust-policy.ts";

/** Promotes an approved manifest to its next environment, or goes on with such a run; promotions stay frozen until what was placed is verified and said to be well. */
export const promotionRun: Command = {
  usage: "<manifest>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    to: { type: "string", value: "<environment>", description: "one of those that promotion_rules.mdc names" },
    into: { type: "string", value: "<folder>", description: "the folder that is this environment" },
    run: { type: "string", value: "<name>", description: "name of the run; the same name goes on with it" },
    key: {
      type: "string",
      multiple: true,
      value: "<file>",
      description: "private key (PEM) that signs the way back (default: GOV_SIGNING_KEY)",
    },
    cause: { type: "string", value: "<word>", description: "manual, automatic, scheduled or waiver", words: [...promotionCauses] },
    healthy: { type: "boolean", description: "you have seen that the environment is well with what was placed" },
  },
  examples: [
    "gov promotion run frameworks/planning-be/manifests/PLN-BE-2026-01-handoff_manifest.yaml --to staging --into /srv/staging --run p-1",
    "gov promotion run manifest.yaml --to staging --into /srv/staging --run p-1 --dry-run",
  ],
  async run(context, call) {
    const [environment, into, run] = [requiredFlag(call, "to"), requiredFlag(call, "into"), requiredFlag(call, "run")];
    const cause = causeOf(call);
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const rules = requirePromotionRules(governed);
    const found = await readManifest(context, call, governed);
    const { source } = found;
    const { manifestId } = found.model;
    const deed = { action: "promotion:run", subject: { id: manifestId } };
    const actor = recordedActor(await authorize(context, call, { place: governed, deed }));
    const { promoted: manifest, verified } = await proveManifest(context, found);
    const site = environmentSite(context, directory, into);
    const { clock, fs } = context;
    const board = await readPromotionBoard(site.log);
    // A run is not kept from going on by its own freeze.
    const told = { ...board, frozenBy: board.frozenBy.filter((by) => by !== run) };
    const planned = planPromotion({ manifest, environment, cause }, { board: told, rules, now: clock.now() });
    const about = { run, environment, manifestId, digest: manifest.digest };
    if (!planned.ok)
      return {
        data: { ...about, promoted: false },
        findings: planned.findings,
        exitCode: exitCodes.findings,
        view: [{ type: "line", mark: "fail", text: `${manifestId} is not promoted to ${environment}` }],
      };
    if (isDryRun(call))
      return {
        data: { ...about, promoted: false },
        findings: [],
        view: [{ type: "line", mark: "none", text: `Would promote ${manifestId} to ${environment}` }],
      };
    const { standing } = await readPlacedArtifacts(environment, site);
    const report = await applyPromotion(planned.value, {
      ...site,
      ...{ run, actor, clock, fs, source, governed: (standing ?? []).map(({ path }) => path) },
      policy: await requireTrustPolicy(context, directory),
      signers: await requireSigners(context, call, { directory }),
      ports: {
        gate: () => standAsSealed(site.root, verified.model.artifacts, { fs }),
        ...(call.flags["healthy"] === true ? { health: () => Promise.resolve(true) } : {}),
      },
    });
    return {
      data: { ...about, promoted: true, steps: report.steps },
      findings: [],
      view: [
        { type: "line", mark: "pass", text: `${manifestId} stands in ${environment}, promotions are open` },
        { type: "lines", lines: report.steps.map(({ step }) => step) },
      ],
    };
  },
};

function causeOf(call: Call): PromotionCause {
  const word = stringFlag(call, "cause") ?? "manual";
  const cause = promotionCauses.find((known) => known === word);
  if (cause === undefined) throw new UsageError(`Unknown cause "${word}"`, `one of ${promotionCauses.join(", ")}`);
  return cause;
}
