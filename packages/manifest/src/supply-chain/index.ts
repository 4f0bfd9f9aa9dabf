/**
 * What something was built from, by whom, and which bytes came out: SPDX bills of materials, lists of digests, provenance, and attestations of all of them.
 *
 * @example Attest the bill of materials of an archive, and verify it
 * ```ts
 * import assert from "node:assert/strict";
 * import { generateKeyPairSync } from "node:crypto";
 * import { createKeySigner } from "@gov/manifest/sign";
 * import { attestArtifact, createSbom, readPackageLock, spdxPredicate, verifyAttestation } from "@gov/manifest/supply-chain";
 * import { digestBytes } from "@gov/schema/canonical";
 *
 * const lock = readPackageLock(JSON.stringify({ lockfileVersion: 3, packages: { "": { name: "app", version: "1.0.0", license: "MIT" } } }));
 * assert.ok(lock.ok);
 * const created = "2024-01-15T10:00:00Z";
 * const sbom = createSbom(lock.value, { name: "app", namespace: "https://example.org/sbom", created, tool: "gov-1.0.0" });
 * assert.equal(sbom["spdxVersion"], "SPDX-2.3");
 *
 * const archive = new TextEncoder().encode("archive");
 * const ann = generateKeyPairSync("ec", { namedCurve: "P-256" });
 * const artifact = { name: "app.tgz", digest: digestBytes(archive) };
 * const envelope = await attestArtifact({ artifact, predicateType: spdxPredicate, predicate: sbom }, [createKeySigner(ann.privateKey)]);
 * const publicKey = ann.publicKey.export({ type: "spki", format: "pem" }).toString();
 * const policy = { version: 1 as const, required: 1, keys: [{ person: "ann", role: "release", publicKey }] };
 * const verified = verifyAttestation(envelope, { policy, at: created, predicateType: spdxPredicate, artifact: archive });
 * assert.equal(verified.signers[0]?.person, "ann");
 * ```
 *
 * @packageDocumentation
 */
export {
  type ArtifactDigests,
  checkArtifactDigests,
  createArtifactDigests,
  type DigestedArtifact,
  digestedTypes,
  parseArtifactDigests,
  renderArtifactDigests,
} from "./artifact-digests.ts";
export {
  attestArtifact,
  type AttestationInput,
  attestStatement,
  type VerifiedAttestation,
  verifyAttestation,
  type VerifyAttestationOptions,
} from "./attestation.ts";
export { type BuildFacts, createProvenance, provenancePredicate } from "./provenance.ts";
export { readPackageLock, type ReadPackageLockOptions } from "./read-package-lock.ts";
export { readPnpmLock, type ReadPnpmLockOptions } from "./read-pnpm-lock.ts";
export { createSbom, renderSbom, type SbomOptions, type SpdxDocument, spdxPredicate } from "./sbom.ts";
export type { PackageFacts, WorkspacePackage, WorkspacePackages } from "./workspace-packages.ts";
