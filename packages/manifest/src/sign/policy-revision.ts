import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { canonicalJson, type Digest, digestBytes, isDigest } from "@gov/schema/canonical";
import { parseInstant } from "../internal/instant.ts";
import { addSignatures } from "./add-signatures.ts";
import type { Envelope } from "./envelope.ts";
import { encodeBase64 } from "./internal/base64.ts";
import type { Signer } from "./signer.ts";
import type { TrustPolicy } from "./trust-policy.ts";

/** Payload type of a signed trust policy; a signature for anything else never changes whom we trust. */
export const policyRevisionPayloadType = "application/vnd.gov.trust-policy.v1+json";

/** One step of a trust policy through time: who is trusted from then on, until it must have been renewed. */
export interface PolicyRevision {
  readonly version: 1;
  /** Position in the chain of revisions, from 1. */
  readonly sequence: number;
  /** Digest of the signed payload before this one; null for the first. */
  readonly prior: Digest | null;
  /** RFC 3339 UTC; never before that of the prior. */
  readonly issuedAt: string;
  /** First instant at which the revision is stale and nothing is verified with it any more, RFC 3339 UTC. */
  readonly expiresAt: string;
  readonly policy: TrustPolicy;
}

/** Returns the bytes of a revision that are signed: its RFC 8785 form in UTF-8. */
export function encodePolicyRevision(revision: PolicyRevision): Uint8Array {
  return new TextEncoder().encode(canonicalJson(JSON.parse(JSON.stringify(revision)) as JsonValue));
}

/** Returns the digest that the next revision names as its prior. */
export function digestPolicyRevision(revision: PolicyRevision): Digest {
  return digestBytes(encodePolicyRevision(revision));
}

/**
 * Signs a revision. It takes effect only with enough signatures under the policy before it and under its own (rotation as in TUF 1.0, section 5.3.4): the old
 * people hand over, and the new ones show that they hold their keys.
 *
 * @throws RangeError when there is no signer.
 */
export async function signPolicyRevision(revision: PolicyRevision, signers: readonly Signer[]): Promise<Envelope> {
  const payload = encodeBase64(encodePolicyRevision(revision));
  return addSignatures({ payloadType: policyRevisionPayloadType, payload, signatures: [] }, signers);
}

const fields: ReadonlySet<string> = new Set(["version", "sequence", "prior", "issuedAt", "expiresAt", "policy"]);

/** Reads a revision from its payload, or returns null when it is none in canonical form; its policy is not judged here. @internal */
export function decodePolicyRevision(payload: Uint8Array): PolicyRevision | null {
  const value = readCanonical(payload);
  if (value === null || Object.keys(value).some((field) => !fields.has(field))) return null;
  const { version, sequence, prior, issuedAt, expiresAt, policy } = value;
  const isTime = (time: unknown): boolean => typeof time === "string" && parseInstant(time) !== null;
  const sound =
    version === 1 &&
    typeof sequence === "number" &&
    Number.isSafeInteger(sequence) &&
    sequence >= 1 &&
    (sequence === 1 ? prior === null : isDigest(prior)) &&
    isTime(issuedAt) &&
    isTime(expiresAt) &&
    isJsonObject(policy);
  return sound ? (value as unknown as PolicyRevision) : null;
}

function readCanonical(payload: Uint8Array): JsonObject | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
    const value = JSON.parse(text) as unknown;
    // One form only: a repeated key would otherwise mean one thing here and another elsewhere.
    return isJsonObject(value) && canonicalJson(value) === text ? value : null;
  } catch {
    return null;
  }
}
