import { createManifestId, foldRehearsal, type ManifestInput, planSeal } from "@gov/manifest";
import type { Finding } from "@gov/schema";
import { type Command, InputError, isDryRun, listFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { commitTimes } from "../root/commit-times.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { forksBy } from "../root/chain-links.ts";
import { begunSeal, writeSeal } from "../root/write-seal.ts";
import { requiredCycleId } from "../root/cycle-id.ts";
import { cycleState } from "../root/cycle-log.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { manifestPath } from "../root/manifest-path.ts";
import { rootFlags } from "../root/locate-root.ts";
import { pathInRoot } from "../root/path-in-root.ts";
import { eventsOf, readLog } from "../root/root-log.ts";
import { sealPlan } from "../root/seal-plan.ts";
import { chainedManifest, readManifestAt } from "../root/sealed-manifest.ts";
import { signersOf, signingKeyVariable } from "../root/signing-key.ts";
import { writtenPath } from "../root/written-path.ts";
import { gateView } from "./gate.ts";

/**
 * Seals the documents of a cycle: digests, revision, rulebook hash and gate results, signed; written once, never replaced. Only at the state at which the preset
 * seals, and after a dry run of the same documents that the log tells of: `gov cycle` makes it on the way there.
 */
export const manifestSeal: Command = {
  usage: "<cycle>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    key: {
      type: "string",
      multiple: true,
      value: "<file>",
      description: "private key (PEM) of a signer; repeat for more (default: GOV_SIGNING_KEY)",
    },
    supersedes: { type: "string", value: "<manifest>", description: "the newest sealed manifest, which this one follows in the chain" },
  },
  examples: [
    "gov manifest seal PLN-BE-2026-01 --key ~/.config/gov/ann.pem",
    "gov manifest seal PLN-BE-2026-02 --supersedes frameworks/planning-be/manifests/PLN-BE-2026-01-handoff_manifest.yaml",
  ],
  async run(context, call) {
    const cycle = requiredCycleId(call);
    const dryRun = isDryRun(call);
    const keys = listFlag(call, "key");
    if (keys.length === 0 && !dryRun && (context.env[signingKeyVariable] ?? "") === "")
      throw new UsageError(`Missing --key, and ${signingKeyVariable} is not set`, "gov key new makes a key");
    const governed = await loadGoverned(context, call);
    const { root } = governed;
    const signers = await signersOf(context, keys, { directory: root.directory });
    const path = manifestPath(governed, cycle);
    const deed = { action: "manifest:seal", subject: { id: cycle, path } };
    const createdBy = recordedActor(await authorize(context, call, { place: governed, deed }));
    const { run, input: fresh, policy, sealAt } = await sealPlan(context, governed, { cycle, createdBy });
    const { report } = run;
    await requireCommitted(context, governed, fresh);
    const begun = await begunSeal(context, root.directory, path);
    const input = begun === null ? fresh : { ...fresh, ...begun, manifestId: createManifestId({ ...fresh, createdAt: begun.createdAt }) };
    const word = stringFlag(call, "supersedes");
    const prior = word === undefined ? null : chainedManifest(await readManifestAt(context, governed, pathInRoot(context, governed, word)));
    const log = await readLog(context, root.directory);
    const { state } = cycleState(governed, log, cycle);
    const rehearsal = foldRehearsal(eventsOf(log), cycle);
    const planned = planSeal(input, { ...policy, sealAt, state, rehearsal, after: prior === null ? undefined : { prior, by: "cycle" } });
    if (!planned.ok)
      return {
        data: { cycle, sealed: false },
        findings: [...report.findings, ...planned.findings.map(withHint(cycle))],
        exitCode: exitCodes.findings,
        view: [...gateView(report), { type: "line", mark: "fail", text: `${cycle} is not sealed` }],
      };
    const model = planned.value;
    const forks = prior === null ? [] : await forksBy(context, governed, { path, model });
    if (forks.length > 0)
      return {
        data: { cycle, sealed: false },
        findings: [...report.findings, ...forks],
        exitCode: exitCodes.findings,
        view: [...gateView(report), { type: "line", mark: "fail", text: `${cycle} is not sealed` }],
      };
    if (!dryRun) await writeSeal(context, { model, signers, path: await writtenPath(context, root.directory, path) });
    return {
      data: { cycle, sealed: !dryRun, path, manifest: model },
      findings: report.findings,
      view: [
        ...gateView(report),
        { type: "line", mark: "pass", text: `${dryRun ? "Would seal" : "Sealed"} ${model.artifacts.length} documents in ${path}` },
        {
          type: "values",
          rows: [
            ["revision", model.snapshotRev],
            ["rulebook", model.rulebookHash],
            ["signatures", String(signers.length)],
          ],
        },
      ],
    };
  },
};

/** What to do about a dry run that is missing, was made of something else, or did not pass. */
function withHint(cycle: string): (finding: Finding) => Finding {
  return (finding) =>
    finding.code.startsWith("MANIFEST_REHEARSAL_") ? { ...finding, hint: `gov gate ${cycle} --record makes the dry run again` } : finding;
}

/** A manifest names the commit that holds what it seals (MAN-07): nothing may stand in the documents that the commit does not have. */
async function requireCommitted(context: Context, { root }: Governed, { artifacts, snapshotRev }: ManifestInput): Promise<void> {
  if (snapshotRev === "")
    throw new InputError("CLI_NO_REVISION", "Cannot seal: there is no commit to name as the revision", {
      hint: "commit the documents first",
    });
  const times = await commitTimes(context, root.directory);
  const findings = artifacts
    .filter(({ path }) => !times.has(path))
    .map(({ path }): Finding => ({
      code: "CLI_NOT_COMMITTED",
      severity: "error",
      message: "The commit that would be named does not hold this document as it stands",
      path,
      line: null,
      column: null,
    }));
  if (findings.length > 0)
    throw new InputError("CLI_NOT_COMMITTED", "Cannot seal: documents have changes that no commit holds", {
      findings,
      hint: "commit them first",
    });
}
