import type { Result } from "@gov/schema";
import type { ManifestModel } from "./model.ts";
import type { SealPolicy } from "./plan-manifest.ts";
import { type ChainedManifest, planLink, type SuccessorInput } from "./plan-successor.ts";

/** What a rollback says of itself; what it brings back is that of the manifest it restores. */
export type RestoringInput = Omit<SuccessorInput, "artifacts" | "cycleId" | "snapshotRev" | "rulebookHash">;

/** Options of {@link planRestoring}. */
export interface PlanRestoringOptions extends SealPolicy {
  /** The newest manifest of the chain. */
  readonly prior: ChainedManifest;
  /** The earlier manifest whose artifacts are brought back. */
  readonly restored: ChainedManifest;
}

/**
 * Plans the manifest of a rollback: a new link of the chain with the artifacts of an earlier one, which it names. So a wanted rollback shows as one, and a chain
 * that is merely shorter than before is an attack. Pure.
 */
export function planRestoring(input: RestoringInput, { prior, restored, ...policy }: PlanRestoringOptions): Result<ManifestModel> {
  const { manifestId, cycleId, snapshotRev, rulebookHash, artifacts } = restored.model;
  const restores = { manifestId, digest: restored.digest };
  return planLink({ ...input, cycleId, snapshotRev, rulebookHash, artifacts, restores }, { prior, policy, findings: [] });
}
