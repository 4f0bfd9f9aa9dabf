import { type Envelope, renderEnvelope, type Signer } from "@gov/manifest/sign";
import {
  attestArtifact,
  attestStatement,
  type BuildFacts,
  createArtifactDigests,
  createProvenance,
  createSbom,
  type DigestedArtifact,
  renderArtifactDigests,
  renderSbom,
  spdxPredicate,
  type WorkspacePackages,
} from "@gov/manifest/supply-chain";

/** What a release is made of, and who vouches for it. */
export interface ReleaseInput {
  readonly workspace: WorkspacePackages;
  readonly version: string;
  readonly commit: string;
  /** Packed archives, sealed manifests and rule documents. */
  readonly artifacts: readonly DigestedArtifact[];
  readonly build: BuildFacts;
  /** Nobody: the evidence is written without attestations. */
  readonly signers: readonly Signer[];
}

/**
 * Creates what is published beside the archives of a release, by file name: the bill of materials, the list of digests, and, where somebody signs, the provenance of all
 * archives and an attested bill of materials for each, which `cosign verify-blob-attestation --key` reads.
 */
export async function createEvidence(input: ReleaseInput): Promise<ReadonlyMap<string, string>> {
  const { workspace, version, commit, artifacts, build, signers } = input;
  const sbom = createSbom(workspace, {
    name: "gov-workspace",
    namespace: "https://spdx.org/spdxdocs/gov-workspace",
    created: build.finishedAt,
    tool: `gov-${version}`,
  });
  const digests = createArtifactDigests({ commit, generatedAt: build.finishedAt, artifacts });
  const files = new Map([
    ["sbom.spdx.json", renderSbom(sbom)],
    ["artifact_digests.json", renderArtifactDigests(digests)],
  ]);
  if (signers.length === 0) return files;
  const add = (name: string, envelope: Envelope): void => void files.set(name, renderEnvelope(envelope));
  add("provenance.intoto.json", await attestStatement(createProvenance(digests, build), signers));
  for (const { name, type, digest } of digests.artifacts)
    if (type === "artifact")
      add(
        `${name}.spdx.intoto.json`,
        await attestArtifact({ artifact: { name, digest }, predicateType: spdxPredicate, predicate: sbom }, signers),
      );
  return files;
}
