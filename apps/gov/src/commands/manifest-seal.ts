import { basename, dirname, join } from "node:path";
import { ensureDirectory } from "@gov/atomic-io";
import { type Evidence, gateResults } from "@gov/gates";
import { gatesBefore } from "@gov/gates/lifecycle";
import { criticalViolations } from "@gov/gates/validators";
import {
  applySeal,
  type ChainedManifest,
  createManifestId,
  type ManifestInput,
  type ManifestModel,
  parseManifest,
  planManifest,
  planSuccessor,
  sealManifest,
} from "@gov/manifest";
import { readFileBounded } from "@gov/index-writer";
import type { Signer } from "@gov/manifest/sign";
import type { Artifact, Finding } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { formatUtc } from "@gov/telemetry";
import { type Command, InputError, isDryRun, listFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { cycleArtifacts } from "../root/cycle-evidence.ts";
import { requiredCycleId } from "../root/cycle-id.ts";
import { sealedArtifacts } from "../root/cycle-manifest.ts";
import { decisionLog } from "../root/decision-log.ts";
import { isThere } from "../root/is-there.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { manifestPath } from "../root/manifest-path.ts";
import { rootFlags } from "../root/locate-root.ts";
import { pathInRoot } from "../root/path-in-root.ts";
import { signersOf, signingKeyVariable } from "../root/signing-key.ts";
import { runGates } from "../root/gate-run.ts";
import { gateView } from "./gate.ts";

const maxManifestBytes = 1 << 28;

/** Seals the documents of a cycle: digests, revision, rulebook hash and gate results, signed; written once, never replaced. */
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
    const { required, pending } = gatesOfSeal(governed);
    const { evidence, report } = await runGates(context, governed, { cycle, names: required });
    const path = manifestPath(governed, cycle);
    const deed = { action: "manifest:seal", subject: { id: cycle, path } };
    const createdBy = recordedActor(await authorize(context, call, { place: governed, deed }));
    const results = { ...gateResults(report), ...Object.fromEntries(pending.map((name) => [name, "PENDING"])) };
    const input = await manifestInput(context, { governed, cycle, createdBy, results, evidence });
    const policy = { requiredGates: required, pendingGates: pending };
    const prior = await supersededBy(context, governed, stringFlag(call, "supersedes"));
    const planned = prior === null ? planManifest(input, policy) : planSuccessor(input, { ...policy, prior, by: "cycle" });
    if (!planned.ok)
      return {
        data: { cycle, sealed: false },
        findings: [...report.findings, ...planned.findings],
        exitCode: exitCodes.findings,
        view: [...gateView(report), { type: "line", mark: "fail", text: `${cycle} is not sealed` }],
      };
    const model = planned.value;
    if (!dryRun) await seal(context, { model, signers, path: join(root.directory, path) });
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

/** The manifest that another one follows. What it says is believed when its chain is verified, not here. */
async function supersededBy(context: Context, governed: Governed, word: string | undefined): Promise<ChainedManifest | null> {
  if (word === undefined) return null;
  const path = pathInRoot(context, governed, word);
  const read = await readFileBounded(join(governed.root.directory, path), { maxBytes: maxManifestBytes, fs: context.fs, path });
  const parsed = read.ok ? parseManifest(read.value, { path }) : read;
  if (!read.ok || !parsed.ok)
    throw new InputError("CLI_MANIFEST_UNREADABLE", `Cannot read the manifest "${path}"`, { findings: parsed.findings });
  return { model: parsed.value, digest: digestBytes(read.value) };
}

/** The gates that must have passed when the preset seals, and those that run afterwards and are PENDING until then. */
function gatesOfSeal({ rules }: Governed): { readonly required: readonly string[]; readonly pending: readonly string[] } {
  const { preset, rulebook } = rules;
  if (preset.seal === null) throw new InputError("CLI_NO_SEAL", `Preset "${preset.name}" seals nothing`);
  return gatesBefore(rulebook.gates, { table: preset.lifecycle, state: preset.seal.at });
}

async function manifestInput(
  context: Context,
  options: {
    readonly governed: Governed;
    readonly cycle: string;
    readonly createdBy: string;
    readonly results: Readonly<Record<string, string>>;
    readonly evidence: Evidence;
  },
): Promise<ManifestInput> {
  const { governed, cycle, createdBy, results, evidence } = options;
  const artifacts = sealedArtifacts(governed, await cycleArtifacts(context, governed, cycle));
  const revision = await context.git.revision(governed.root.directory);
  if (revision === null)
    throw new InputError("CLI_NO_REVISION", "Cannot seal: there is no commit to name as the revision", {
      hint: "commit the documents first",
    });
  await requireCommitted(context, governed, artifacts);
  const begun = await unfinishedSeal(context, governed, manifestPath(governed, cycle));
  const { createdAt, snapshotRev } = begun ?? { createdAt: formatUtc(context.clock.now()), snapshotRev: `git:${revision}` };
  return {
    manifestId: createManifestId({ cycleId: cycle, createdAt, artifacts }),
    cycleId: cycle,
    createdAt,
    createdBy,
    snapshotRev,
    rulebookHash: governed.rules.hash,
    artifacts,
    gateResults: results,
    governance: {
      tags: [...new Set(artifacts.flatMap(({ tags }) => tags.map(({ key, value }) => (value === null ? key : `${key}:${value}`))))],
      ...criticalCounts(evidence),
      decisionLogRef: decisionLog,
    },
  };
}

/**
 * The manifest of a seal that was interrupted before its envelope was written. Sealing goes on with its time and revision; where anything else is not as it
 * was, the two differ, and it is refused like any other second seal.
 */
async function unfinishedSeal(context: Context, { root }: Governed, path: string): Promise<ManifestModel | null> {
  const absolute = join(root.directory, path);
  if (!(await isThere(context, absolute)) || (await isThere(context, `${absolute}.dsse.json`))) return null;
  const read = await readFileBounded(absolute, { maxBytes: maxManifestBytes, fs: context.fs, path });
  const parsed = read.ok ? parseManifest(read.value, { path }) : read;
  return parsed.ok ? parsed.value : null;
}

/** How many critical issues and violations the evidence shows. What could not be counted is no number, on which nothing is sealed. */
function criticalCounts(evidence: Evidence): { readonly criticalIssues: number; readonly criticalViolations: number } {
  const { backlog, contracts, criticalIssues } = evidence.parts;
  return {
    criticalIssues: criticalIssues?.value.length ?? Number.NaN,
    criticalViolations: backlog === null || contracts === null ? Number.NaN : criticalViolations(evidence).length,
  };
}

/** A manifest names the commit that holds what it seals (MAN-07): nothing may stand in the documents that the commit does not have. */
async function requireCommitted(context: Context, { root }: Governed, artifacts: readonly Artifact[]): Promise<void> {
  const times = await context.git.commitTimes(root.directory);
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

async function seal(
  context: Context,
  { model, signers, path }: { readonly model: ManifestModel; readonly signers: readonly Signer[]; readonly path: string },
): Promise<void> {
  await ensureDirectory(dirname(path), { fs: context.fs });
  await applySeal(dirname(path), await sealManifest(model, { signers, name: basename(path) }), { fs: context.fs });
}
