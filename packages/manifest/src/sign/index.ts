/**
 * Signatures that count people: DSSE envelopes over in-toto statements, verified offline against a trust policy.
 *
 * @example Sign a statement and verify who signed it
 * ```ts
 * import assert from "node:assert/strict";
 * import { generateKeyPairSync } from "node:crypto";
 * import { createKeySigner, createStatement, signStatement, statementPayloadType, verifyEnvelope } from "@gov/manifest/sign";
 * import { digestBytes } from "@gov/schema/canonical";
 *
 * const ann = generateKeyPairSync("ed25519");
 * const statement = createStatement({
 *   subjects: [{ name: "plan.yaml", digest: digestBytes("status: approved\n") }],
 *   predicateType: "urn:example:approval:1",
 *   predicate: {},
 * });
 * const envelope = await signStatement(statement, [createKeySigner(ann.privateKey)]);
 * const publicKey = ann.publicKey.export({ type: "spki", format: "pem" }).toString();
 * const policy = { version: 1 as const, required: 1, keys: [{ person: "ann", role: "lead", publicKey }] };
 * const { signers } = verifyEnvelope(envelope, policy, { payloadType: statementPayloadType, at: "2024-01-15T10:00:00Z" });
 * assert.equal(signers[0]?.person, "ann");
 * ```
 *
 * @packageDocumentation
 */
export { addSignatures } from "./add-signatures.ts";
export { type Envelope, type EnvelopeSignature, parseEnvelope, renderEnvelope } from "./envelope.ts";
export { createPemKeyProvider, type KeyProvider, type PemKeyProviderOptions } from "./key-provider.ts";
export { createKeySigner, type KeySignerOptions } from "./node-key-signer.ts";
export {
  digestPolicyRevision,
  encodePolicyRevision,
  type PolicyRevision,
  policyRevisionPayloadType,
  signPolicyRevision,
} from "./policy-revision.ts";
export { preAuthEncoding } from "./pre-auth-encoding.ts";
export { importPublicKey, type ImportPublicKeyOptions, keyThumbprint, type PublicKeyInput, type VerificationKey } from "./public-key.ts";
export {
  type KeylessSigner,
  type KeylessVerifier,
  parseSigstoreBundle,
  renderSigstoreBundles,
  type SigstoreBundle,
  sigstoreBundleMediaType,
  type VerifyBundleOptions,
  verifyKeylessBundle,
  type VerifyKeylessOptions,
  verifySigstoreBundle,
} from "./sigstore-bundle.ts";
export { signStatement } from "./sign-statement.ts";
export { type SignatureAlgorithm, signatureAlgorithms } from "./signature-algorithm.ts";
export type { Signer } from "./signer.ts";
export {
  createStatement,
  decodeStatement,
  encodeStatement,
  type Statement,
  type StatementInput,
  statementPayloadType,
  type StatementSubject,
  statementType,
} from "./statement.ts";
export { parseTrustPolicy, type TrustedKey, type TrustPolicy } from "./trust-policy.ts";
export { type VerifiedEnvelope, type VerifiedSigner, verifyEnvelope, type VerifyEnvelopeOptions } from "./verify-envelope.ts";
export { type KnownPolicyRevision, type VerifiedPolicy, verifyPolicyChain, type VerifyPolicyChainOptions } from "./verify-policy-chain.ts";
