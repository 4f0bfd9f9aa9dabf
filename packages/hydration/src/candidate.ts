import type { ArtifactStatus } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import { compareCodeUnits } from "./internal/text-order.ts";

/** One file that claims to be the artifact of an id: all that selection may look at. */
export interface Candidate {
  readonly id: string;
  /** POSIX path relative to the governed root. */
  readonly path: string;
  /** Reported and compared for findings, never used to decide (B-15). */
  readonly version: string | null;
  /** Null, a file without a readable status, counts as a draft: what is not known to be reviewed is not preferred. */
  readonly status: ArtifactStatus | null;
  /** Epoch seconds of the last commit that touched the file; null when uncommitted. Never the file's mtime. */
  readonly commitTime: number | null;
  readonly digest: Digest;
}

/** Groups candidates by id: ids ascending, the candidates of an id by path, both by code unit. */
export function groupCandidates(candidates: readonly Candidate[]): ReadonlyMap<string, readonly Candidate[]> {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const group = groups.get(candidate.id);
    if (group === undefined) groups.set(candidate.id, [candidate]);
    else group.push(candidate);
  }
  for (const group of groups.values()) group.sort((a, b) => compareCodeUnits(a.path, b.path) || compareCodeUnits(a.digest, b.digest));
  return new Map([...groups].sort(([a], [b]) => compareCodeUnits(a, b)));
}
