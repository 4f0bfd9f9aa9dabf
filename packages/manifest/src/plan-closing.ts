import type { Finding, Result } from "@gov/schema";
import { finding } from "./finding-codes.ts";
import type { ManifestModel } from "./model.ts";
import { type ChainedManifest, planLink, type SuccessorInput } from "./plan-successor.ts";

/** What a closing manifest adds; cycle, revision and rulebook are those of the manifest it closes. */
export type ClosingInput = Omit<SuccessorInput, "cycleId" | "snapshotRev" | "rulebookHash">;

/** Options of {@link planClosing}. */
export interface PlanClosingOptions {
  /** The manifest whose cycle is closed. */
  readonly opening: ChainedManifest;
  /** The newest manifest of the chain. @default the opening */
  readonly prior?: ChainedManifest | undefined;
  /** Gates that must have passed beside those that were pending in the opening. @default [] */
  readonly requiredGates?: readonly string[] | undefined;
}

/**
 * Plans the manifest that closes a cycle (B-09): the digest document, which can only be written after the opening manifest, is sealed here, and every gate that was
 * PENDING there has an outcome here (B-17). Refuses to say anything else of a path than the opening does. Pure.
 */
export function planClosing(input: ClosingInput, options: PlanClosingOptions): Result<ManifestModel> {
  const { opening, prior = opening, requiredGates = [] } = options;
  const { model, digest } = opening;
  const { cycleId, snapshotRev, rulebookHash } = model;
  const pending = Object.keys(model.gateResults).filter((gate) => model.gateResults[gate] === "PENDING");
  const closes = { manifestId: model.manifestId, digest };
  return planLink(
    { ...input, cycleId, snapshotRev, rulebookHash, closes },
    { prior, policy: { requiredGates: [...requiredGates, ...pending] }, findings: findConflicts(input.artifacts, model) },
  );
}

/** Paths of which a closing manifest says something else than the manifest it closes. @internal */
export function findConflicts(
  artifacts: readonly { readonly path: string; readonly digest: string }[],
  opening: ManifestModel,
): readonly Finding[] {
  const sealed = new Map(opening.artifacts.map(({ path, digest }) => [path, digest as string]));
  return artifacts
    .filter(({ path, digest }) => sealed.has(path) && ![digest, `sha256:${digest.toLowerCase()}`].includes(sealed.get(path) ?? ""))
    .map(({ path }) =>
      finding("MANIFEST_CLOSING_CONFLICT", `"${path}" is sealed with other bytes by "${opening.manifestId}", which is to be closed`, {
        path,
      }),
    );
}
