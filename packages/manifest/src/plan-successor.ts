import { compareFindings, type Finding, type Result } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import { finding } from "./finding-codes.ts";
import type { ManifestModel } from "./model.ts";
import { type ManifestInput, planManifest, type SealPolicy } from "./plan-manifest.ts";

/** How a change after sealing is told from what was sealed (B-03): by a new cycle (c11), or by a new manifest of a new revision (c33). */
export type Supersession = "cycle" | "manifest";

/** A manifest of a chain: what it says, and the digest of its exact bytes. */
export interface ChainedManifest {
  readonly model: ManifestModel;
  readonly digest: Digest;
}

/** What a successor is planned from; its place in the chain follows from the prior. */
export type SuccessorInput = Omit<ManifestInput, "sequence" | "prior" | "closes" | "restores">;

/** Options of {@link planSuccessor}. */
export interface PlanSuccessorOptions extends SealPolicy {
  /** The newest manifest of the chain. */
  readonly prior: ChainedManifest;
  /** Which ids must change; the preset says. */
  readonly by: Supersession;
}

/**
 * Plans the manifest that supersedes another (MAN-08): next in sequence, naming the digest of the prior's exact bytes. Refuses one that keeps an id which
 * has to change, or is dated before its prior. Pure, as `planManifest`.
 */
export function planSuccessor(input: SuccessorInput, { prior, by, ...policy }: PlanSuccessorOptions): Result<ManifestModel> {
  return planLink({ ...input }, { prior, policy, findings: findUnchanged(input, prior.model, by) });
}

/** Plans a link of the chain: sequence and prior follow, whatever kind it is. @internal */
export function planLink(
  input: Omit<ManifestInput, "sequence" | "prior">,
  { prior, policy, findings }: { readonly prior: ChainedManifest; readonly policy: SealPolicy; readonly findings: readonly Finding[] },
): Result<ManifestModel> {
  const { model, digest } = prior;
  const planned = planManifest({ ...input, sequence: model.sequence + 1, prior: { manifestId: model.manifestId, digest } }, policy);
  const all = [...planned.findings, ...findings];
  if (input.manifestId === model.manifestId)
    all.push(
      finding("MANIFEST_SUCCESSOR_UNCHANGED", `The manifest has the id of its prior, "${model.manifestId}": it needs one of its own`),
    );
  if (planned.ok && Date.parse(input.createdAt) < Date.parse(model.createdAt))
    all.push(finding("MANIFEST_CHAIN_TIME_REVERSED", `The manifest is dated ${input.createdAt}, before its prior of ${model.createdAt}`));
  return planned.ok && all.length === 0 ? planned : { ok: false, findings: all.sort(compareFindings) };
}

/** What a supersession asks to change and has not. @internal */
export function findUnchanged(
  { cycleId, snapshotRev }: Pick<ManifestModel, "cycleId" | "snapshotRev">,
  prior: ManifestModel,
  by: Supersession,
): readonly Finding[] {
  const unchanged = (what: string): readonly Finding[] => [
    finding("MANIFEST_SUCCESSOR_UNCHANGED", `A manifest that supersedes by ${by} needs a new ${what}`),
  ];
  if (by === "cycle") return cycleId === prior.cycleId ? unchanged(`cycle: current value is "${cycleId}"`) : [];
  return snapshotRev === prior.snapshotRev ? unchanged(`snapshot revision: current value is "${snapshotRev}"`) : [];
}
