import { digestJson } from "@gov/schema/canonical";
import { parseInstant } from "./internal/instant.ts";
import type { SealedArtifact } from "./model.ts";

/** Digits of the digest that an id carries: enough that two manifests of one day do not meet by chance. */
const digits = 12;

/**
 * Names a manifest by its day and content, `hnd_2024_01_15_<12 hexadecimal digits>` (ART-04): sealing the same artifacts of the same cycle on the same day
 * again gives the same name.
 *
 * @throws RangeError when `createdAt` is no RFC 3339 time in UTC.
 */
export function createManifestId(input: {
  readonly cycleId: string;
  readonly createdAt: string;
  readonly artifacts: readonly Pick<SealedArtifact, "path" | "digest">[];
}): string {
  const { cycleId, createdAt } = input;
  if (parseInstant(createdAt) === null)
    throw new RangeError(`Cannot name a manifest: createdAt must be RFC 3339 in UTC, and is "${createdAt}"`);
  const artifacts = input.artifacts.map(({ path, digest }) => `${path} ${digest}`).sort();
  const hash = digestJson({ cycleId, artifacts }).slice("sha256:".length, "sha256:".length + digits);
  return `hnd_${createdAt.slice(0, 10).replaceAll("-", "_")}_${hash}`;
}
