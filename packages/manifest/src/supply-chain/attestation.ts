import type { JsonObject } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { ManifestError } from "../errors.ts";
import { finding } from "../finding-codes.ts";
import type { Envelope } from "../sign/envelope.ts";
import { signStatement } from "../sign/sign-statement.ts";
import type { Signer } from "../sign/signer.ts";
import { createStatement, decodeStatement, type Statement, statementPayloadType } from "../sign/statement.ts";
import type { TrustPolicy } from "../sign/trust-policy.ts";
import { verifyEnvelope, type VerifiedSigner } from "../sign/verify-envelope.ts";

/** What is said of an artifact. */
export interface AttestationInput {
  /** Its name, and its digest or its bytes. */
  readonly artifact: { readonly name: string; readonly digest: Digest };
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

/**
 * Attests something of an artifact, such as its SBOM, in the form that `cosign verify-blob-attestation --key` reads offline: a DSSE envelope over an in-toto statement,
 * without key ids, which name no key there. Sign with an ECDSA key on P-256 where cosign is to read it.
 *
 * @throws RangeError when there is no signer.
 */
export async function attestArtifact(
  { artifact, predicateType, predicate }: AttestationInput,
  signers: readonly Signer[],
): Promise<Envelope> {
  const statement = createStatement({ subjects: [artifact], predicateType, predicate });
  return withoutKeyIds(await signStatement(statement, signers));
}

/** Signs a statement of several artifacts, such as a provenance, in the same form. */
export async function attestStatement(statement: Statement, signers: readonly Signer[]): Promise<Envelope> {
  return withoutKeyIds(await signStatement(statement, signers));
}

/** Options of {@link verifyAttestation}. */
export interface VerifyAttestationOptions {
  /** Whose signatures are enough; there is no default. */
  readonly policy: TrustPolicy;
  /** The instant at which keys must be valid, RFC 3339 UTC. */
  readonly at: string;
  /** The only predicate type that is accepted. */
  readonly predicateType: string;
  /** Exact bytes of the artifact that must be among the subjects. */
  readonly artifact: Uint8Array;
}

/** What {@link verifyAttestation} vouches for. */
export interface VerifiedAttestation {
  readonly predicate: JsonObject;
  readonly signers: readonly VerifiedSigner[];
}

/**
 * Verifies an attestation of an artifact, offline: its signatures, its kind, and that it speaks of these very bytes.
 *
 * @throws {@link ManifestError} `MANIFEST_VERIFICATION_FAILED` with the findings; `MANIFEST_POLICY_INVALID`.
 */
export function verifyAttestation(envelope: Envelope, options: VerifyAttestationOptions): VerifiedAttestation {
  const { policy, at, predicateType, artifact } = options;
  const { payload, signers } = verifyEnvelope(envelope, policy, { payloadType: statementPayloadType, at });
  const statement = decodeStatement(payload);
  if (statement?.predicateType !== predicateType)
    throw refuse(finding("MANIFEST_STATEMENT_INVALID", "The attestation speaks of something else", { expected: predicateType }));
  const digest = digestBytes(artifact);
  if (!statement.subject.some(({ digest: { sha256 } }) => `sha256:${sha256}` === digest))
    throw refuse(finding("MANIFEST_SIGNED_DIGEST_MISMATCH", "The artifact is none that the attestation speaks of", { expected: digest }));
  return { predicate: statement.predicate, signers };
}

function withoutKeyIds(envelope: Envelope): Envelope {
  return { ...envelope, signatures: envelope.signatures.map(({ sig }) => ({ keyid: "", sig })) };
}

function refuse(one: ReturnType<typeof finding>): ManifestError {
  return new ManifestError("MANIFEST_VERIFICATION_FAILED", `Cannot verify the attestation: ${one.message}`, {
    findings: [one],
    hint: "Do not use the artifact; fetch it and its attestation again",
  });
}
