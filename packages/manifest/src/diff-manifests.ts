import { canonicalJson, type Digest } from "@gov/schema/canonical";
import type { ManifestModel } from "./model.ts";

/** An artifact whose bytes differ between two manifests. */
export interface ChangedArtifact {
  readonly path: string;
  readonly from: Digest;
  readonly to: Digest;
}

/** What differs between two manifests; all lists are sorted. */
export interface ManifestDiff {
  /** Paths only in the second. */
  readonly added: readonly string[];
  /** Paths only in the first. */
  readonly removed: readonly string[];
  readonly changed: readonly ChangedArtifact[];
  /** Names of the other fields of the model that differ. */
  readonly fields: readonly string[];
}

/** Compares two manifests, whatever wire shape they came from. */
export function diffManifests(from: ManifestModel, to: ManifestModel): ManifestDiff {
  const before = new Map(from.artifacts.map((artifact) => [artifact.path, artifact.digest]));
  const after = new Map(to.artifacts.map((artifact) => [artifact.path, artifact.digest]));
  const changed: ChangedArtifact[] = [];
  for (const path of [...before.keys()].sort()) {
    const [old, now] = [before.get(path), after.get(path)];
    if (old !== undefined && now !== undefined && old !== now) changed.push({ path, from: old, to: now });
  }
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((field) => field !== "artifacts" && textOf(from, field) !== textOf(to, field))
    .sort();
  return {
    added: [...after.keys()].filter((path) => !before.has(path)).sort(),
    removed: [...before.keys()].filter((path) => !after.has(path)).sort(),
    changed,
    fields,
  };
}

function textOf(model: ManifestModel, field: string): string {
  return canonicalJson((model as unknown as Readonly<Record<string, string>>)[field] ?? null);
}
