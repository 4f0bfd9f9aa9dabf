/**
 * What was sealed can be proven unchanged, by whom it was sealed, and can be restored.
 *
 * @example Seal a manifest, tamper with an artifact, and see it named
 * ```ts
 * import assert from "node:assert/strict";
 * import { generateKeyPairSync } from "node:crypto";
 * import { planManifest, sealManifest, verifyManifest } from "@gov/manifest";
 * import { createKeySigner } from "@gov/manifest/sign";
 * import { digestBytes } from "@gov/schema/canonical";
 *
 * const plan = new TextEncoder().encode("status: approved\n");
 * const planned = planManifest(
 *   {
 *     manifestId: "MAN-2024-01",
 *     cycleId: "PLN-2024-01",
 *     createdAt: "2024-01-15T10:00:00Z",
 *     createdBy: "ann",
 *     snapshotRev: "v1.0.0",
 *     rulebookHash: digestBytes("rules"),
 *     artifacts: [{ path: "plan.yaml", digest: digestBytes(plan), size: plan.length }],
 *     gateResults: { schema_lint: "pass" },
 *     governance: { tags: [], criticalIssues: 0, criticalViolations: 0, decisionLogRef: null },
 *   },
 *   { requiredGates: ["schema_lint"] },
 * );
 * assert.ok(planned.ok);
 * const ann = generateKeyPairSync("ed25519");
 * const sealed = await sealManifest(planned.value, { signers: [createKeySigner(ann.privateKey)] });
 * const publicKey = ann.publicKey.export({ type: "spki", format: "pem" }).toString();
 * const input = {
 *   manifestBytes: new TextEncoder().encode(sealed.manifestText),
 *   envelopeBytes: new TextEncoder().encode(sealed.envelopeText),
 *   policy: { version: 1 as const, required: 1, keys: [{ person: "ann", role: "lead", publicKey }] },
 *   at: "2024-01-15T10:00:00Z",
 * };
 * const verified = await verifyManifest({ ...input, readArtifact: async () => plan });
 * assert.equal(verified.signers[0]?.person, "ann");
 * const edited = new TextEncoder().encode("status: approve!\n");
 * await assert.rejects(verifyManifest({ ...input, readArtifact: async () => edited }), /"plan.yaml" does not match its sealed digest/);
 * ```
 *
 * @packageDocumentation
 */
export { applyCoSignatures, type ApplyCoSignaturesOptions } from "./apply-co-signatures.ts";
export { type AppliedSeal, applySeal, type ApplySealOptions } from "./apply-seal.ts";
export { type ChangedArtifact, diffManifests, type ManifestDiff } from "./diff-manifests.ts";
export { isManifestError, ManifestError, type ManifestErrorCode, manifestErrorCodes, type ManifestErrorOptions } from "./errors.ts";
export { type ManifestFindingCode, manifestFindingCodes } from "./finding-codes.ts";
export { groupChains, type GroupedChains } from "./group-chains.ts";
export { createInlineSeal, inlineSealAlgorithms, inlineSealPayloadType } from "./inline-seal.ts";
export { createManifestId } from "./manifest-id.ts";
export {
  emitManifestShape,
  type EmitShapeOptions,
  type InlineSeal,
  readManifestShape,
  type ReadShapeOptions,
  type ShapedManifest,
  type ShapeFacts,
} from "./manifest-shape.ts";
export { createManifestStatement, manifestModelSubject, sealedManifestPredicate } from "./manifest-statement.ts";
export {
  digestManifest,
  type GateOutcome,
  gateOutcomes,
  type ManifestGovernance,
  type ManifestModel,
  type PriorManifest,
  type SealedArtifact,
} from "./model.ts";
export { type ArtifactReaderOptions, createArtifactReader } from "./node-artifact-reader.ts";
export { parseManifest, type ParseManifestOptions } from "./parse-manifest.ts";
export { type ClosingInput, planClosing, type PlanClosingOptions } from "./plan-closing.ts";
export { type ManifestInput, planManifest, type SealPolicy } from "./plan-manifest.ts";
export { planRestoring, type PlanRestoringOptions, type RestoringInput } from "./plan-restoring.ts";
export { planSeal, type PlanSealOptions, rehearseSeal, type SealRehearsal, type SealState, sealStates } from "./plan-seal.ts";
export {
  type ChainedManifest,
  planSuccessor,
  type PlanSuccessorOptions,
  type SuccessorInput,
  type Supersession,
} from "./plan-successor.ts";
export { foldRehearsal, rehearsalEntry, sealRehearsalKind, type SealRehearsed } from "./rehearsal-entry.ts";
export { manifestWireVersion, renderManifest } from "./render-manifest.ts";
export { type SealedManifest, sealManifest, type SealManifestOptions, type SealShape } from "./seal-manifest.ts";
export { type ChainLink, type KnownManifest, type VerifiedChain, verifyChain, type VerifyChainOptions } from "./verify-chain.ts";
export { type ReadArtifact, type VerifiedManifest, verifyManifest, type VerifyManifestInput } from "./verify-manifest.ts";
