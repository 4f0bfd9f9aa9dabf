import type { Finding } from "@gov/schema";
import { finding } from "../finding-codes.ts";
import type { ManifestModel, PriorManifest } from "../model.ts";
import { findConflicts } from "../plan-closing.ts";
import { type ChainedManifest, findUnchanged, type Supersession } from "../plan-successor.ts";

/** Checks what a manifest says of earlier ones of its chain: the one it closes, restores, or supersedes. */
export function checkRelations(
  model: ManifestModel,
  { before, path, by }: { readonly before: readonly ChainedManifest[]; readonly path: string; readonly by: Supersession | undefined },
): readonly Finding[] {
  const { closes, restores } = model;
  const prior = before.at(-1);
  const findings =
    closes !== undefined
      ? checkClosing(model, find(before, closes))
      : restores !== undefined
        ? checkRestoring(model, find(before, restores))
        : prior !== undefined && by !== undefined
          ? findUnchanged(model, prior.model, by)
          : [];
  return findings.map((one) => ({ ...one, path }));
}

function checkClosing(model: ManifestModel, opening: ManifestModel | null): readonly Finding[] {
  const conflict = (what: string): readonly Finding[] => [finding("MANIFEST_CLOSING_CONFLICT", `Manifest "${model.manifestId}" ${what}`)];
  if (opening === null) return conflict("closes a manifest that is not in its chain");
  if (opening.cycleId !== model.cycleId) return conflict(`closes a manifest of another cycle, "${opening.cycleId}"`);
  const open = Object.keys(opening.gateResults).filter((gate) => opening.gateResults[gate] === "PENDING");
  const still = open.filter((gate) => !Object.hasOwn(model.gateResults, gate) || model.gateResults[gate] === "PENDING");
  return [...findConflicts(model.artifacts, opening), ...still.flatMap((gate) => conflict(`leaves gate "${gate}" without an outcome`))];
}

function checkRestoring(model: ManifestModel, restored: ManifestModel | null): readonly Finding[] {
  const mismatch = (what: string): readonly Finding[] => [finding("MANIFEST_RESTORE_MISMATCH", `Manifest "${model.manifestId}" ${what}`)];
  if (restored === null) return mismatch("restores a manifest that is not in its chain");
  const text = ({ artifacts }: ManifestModel): string => JSON.stringify(artifacts.map(({ path, digest, size }) => [path, digest, size]));
  return text(model) === text(restored)
    ? []
    : mismatch(`does not seal the artifacts of "${restored.manifestId}", which it says it restores`);
}

function find(before: readonly ChainedManifest[], named: PriorManifest): ManifestModel | null {
  return before.find(({ digest, model }) => digest === named.digest && model.manifestId === named.manifestId)?.model ?? null;
}
