import type { JsonObject } from "@gov/schema";
import { parseInstant } from "../internal/instant.ts";
import { createStatement, type Statement } from "../sign/statement.ts";
import type { ArtifactDigests } from "./artifact-digests.ts";

/** Predicate type of a provenance, SLSA 1. */
export const provenancePredicate = "https://slsa.dev/provenance/v1";

/** How something was built. */
export interface BuildFacts {
  /** URI that says what `parameters` mean. */
  readonly buildType: string;
  /** URI of who built. */
  readonly builder: string;
  /** URI of the repository, such as `git+https://example.org/team/repo`. */
  readonly repository: string;
  /** What whoever started the build could choose. @default {} */
  readonly parameters?: JsonObject | undefined;
  /** Name of this run of the build. */
  readonly invocation: string;
  /** RFC 3339 UTC. */
  readonly startedAt: string;
  /** RFC 3339 UTC. */
  readonly finishedAt: string;
}

/**
 * Creates the provenance of what was built: an in-toto statement with every artifact as a subject and an SLSA 1 predicate that names builder, parameters and the commit
 * (QAC-08). Sign it with `signStatement()`. Pure.
 *
 * @throws RangeError when a URI or a time cannot be read, or the build ends before it starts.
 */
export function createProvenance({ commit, artifacts }: ArtifactDigests, facts: BuildFacts): Statement {
  const { buildType, builder, repository, parameters = {}, invocation, startedAt, finishedAt } = facts;
  for (const uri of [buildType, builder, repository])
    if (!URL.canParse(uri)) throw new RangeError(`Cannot create the provenance: "${uri}" is no URI`);
  const [started, finished] = [parseInstant(startedAt), parseInstant(finishedAt)];
  if (started === null || finished === null || finished < started)
    throw new RangeError(`Cannot create the provenance: the build must start and end at RFC 3339 times in UTC, in this order`);
  return createStatement({
    subjects: artifacts.map(({ name, digest }) => ({ name, digest })),
    predicateType: provenancePredicate,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: parameters,
        internalParameters: {},
        resolvedDependencies: [{ uri: `${repository}@${commit}`, digest: { gitCommit: commit } }],
      },
      runDetails: { builder: { id: builder }, metadata: { invocationId: invocation, startedOn: startedAt, finishedOn: finishedAt } },
    },
  });
}
