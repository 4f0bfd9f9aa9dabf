import { createManifestId, planClosing } from "@gov/manifest";
import { formatUtc } from "@gov/telemetry";
import { type Command, InputError, isDryRun, listFlag, stringFlag } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { forksBy } from "../root/chain-links.ts";
import { cycleEvidence } from "../root/cycle-evidence.ts";
import { requiredCycleId } from "../root/cycle-id.ts";
import { cycleState } from "../root/cycle-log.ts";
import { decisionLog } from "../root/decision-log.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { manifestPath, placeOf } from "../root/manifest-path.ts";
import { pathInRoot } from "../root/path-in-root.ts";
import { readLog } from "../root/root-log.ts";
import { criticalCounts } from "../root/seal-plan.ts";
import { chainedManifest, proveManifest, readManifestAt, sealedTime } from "../root/sealed-manifest.ts";
import { requireSigners, signersOf } from "../root/signing-key.ts";
import { standingSeal, writeSeal } from "../root/write-seal.ts";
import { writtenPath } from "../root/written-path.ts";

/**
 * Closes a sealed cycle: the digest, which is written after the seal, is sealed by a manifest of its own that follows the first and gives an outcome to every gate
 * that was pending there. Closing once more what has not changed since says so again, and changes nothing: whoever died may have died behind the last step.
 */
export const manifestClose: Command = {
  usage: "<cycle>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    key: { type: "string", multiple: true, value: "<file>", description: "private key (PEM) of a signer (default: GOV_SIGNING_KEY)" },
    after: { type: "string", value: "<manifest>", description: "the newest manifest of the chain, where it is not the cycle's own" },
  },
  examples: ["gov manifest close PLN-BE-2026-01 --key ~/.config/gov/ann.pem"],
  async run(context, call) {
    const cycle = requiredCycleId(call);
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const path = manifestPath(governed, `${cycle}-closing`);
    const signers = isDryRun(call)
      ? await signersOf(context, listFlag(call, "key"), { directory })
      : await requireSigners(context, call, { directory });
    const deed = { action: "manifest:close", subject: { id: cycle, path } };
    const createdBy = recordedActor(await authorize(context, call, { place: governed, deed }));
    const standing = await readManifestAt(context, governed, manifestPath(governed, cycle));
    await proveManifest(context, standing, { at: await sealedTime(context, standing) });
    const digestPath = placeOf(governed.rules, { kind: "digest", cycle });
    const artifacts = governed.documents.artifacts.filter((artifact) => artifact.path === digestPath);
    if (artifacts.length === 0)
      throw new InputError("CLI_NO_DIGEST", `There is no digest "${digestPath}" to seal`, {
        hint: `gov digest ${cycle} --write writes it`,
      });
    const evidence = await cycleEvidence(context, governed, cycle);
    const { gateResults } = cycleState(governed, await readLog(context, directory), cycle);
    const { createdAt } = (await standingSeal(context, directory, path)) ?? { createdAt: formatUtc(context.clock.now()) };
    const manifestId = createManifestId({ cycleId: cycle, createdAt, artifacts });
    const governance = { tags: standing.model.governance.tags, ...criticalCounts(evidence), decisionLogRef: decisionLog };
    const after = stringFlag(call, "after");
    const prior = after === undefined ? standing : await readManifestAt(context, governed, pathInRoot(context, governed, after));
    const planned = planClosing(
      { manifestId, createdAt, createdBy, artifacts, gateResults, governance },
      { opening: chainedManifest(standing), prior: chainedManifest(prior) },
    );
    const refused = planned.ok ? await forksBy(context, governed, { path, model: planned.value }) : planned.findings;
    if (!planned.ok || refused.length > 0)
      return {
        data: { cycle, closed: false },
        findings: refused,
        exitCode: exitCodes.findings,
        view: [{ type: "line", mark: "fail", text: `${cycle} is not closed` }],
      };
    if (!isDryRun(call)) await writeSeal(context, { model: planned.value, signers, path: await writtenPath(context, directory, path) });
    return {
      data: { cycle, closed: !isDryRun(call), path, manifest: planned.value },
      findings: [],
      view: [{ type: "line", mark: "pass", text: `${isDryRun(call) ? "Would close" : "Closed"} ${cycle} with its digest in ${path}` }],
    };
  },
};
