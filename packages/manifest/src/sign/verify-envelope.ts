import { compareFindings, type Finding } from "@gov/schema";
import { ManifestError } from "../errors.ts";
import { finding } from "../finding-codes.ts";
import { parseInstant } from "../internal/instant.ts";
import { type Envelope, findEnvelopeDefect } from "./envelope.ts";
import { decodeBase64 } from "./internal/base64.ts";
import { tallyVotes } from "./internal/threshold.ts";
import { preAuthEncoding } from "./pre-auth-encoding.ts";
import { verifyMessage } from "./signature-algorithm.ts";
import { resolvePolicy, type ResolvedKey, type ResolvedPolicy, type TrustPolicy } from "./trust-policy.ts";

/** Options of {@link verifyEnvelope}. */
export interface VerifyEnvelopeOptions {
  /** The only payload type that is accepted. */
  readonly payloadType: string;
  /** The instant at which keys must be valid, RFC 3339 UTC; decided by the verifier, never by what is verified. */
  readonly at: string;
}

/** Who signed, as the policy knows them. */
export interface VerifiedSigner {
  readonly person: string;
  readonly role: string;
  /** RFC 7638 thumbprint of the key. */
  readonly thumbprint: string;
}

/** What {@link verifyEnvelope} vouches for. */
export interface VerifiedEnvelope {
  /** Exactly the bytes that were signed; use these, never read the envelope again. */
  readonly payload: Uint8Array;
  /** One per verified key that was valid then, sorted by person, role and thumbprint. */
  readonly signers: readonly VerifiedSigner[];
}

/**
 * Verifies the signatures of an envelope against a trust policy and returns what was signed and by whom.
 * Counts different people with different keys (RFC 7638 thumbprints), each for one role only; a repeated signature, a second key of the same person
 * and a key that was not valid at `at` add nothing. A signature that does not verify is skipped: it can neither help nor block. `keyid` decides nothing.
 *
 * @throws {@link ManifestError} `MANIFEST_VERIFICATION_FAILED` with every finding, or `MANIFEST_POLICY_INVALID` when the policy itself cannot be used.
 * @throws RangeError when `at` is not an RFC 3339 time in UTC.
 */
export function verifyEnvelope(envelope: Envelope, policy: TrustPolicy, options: VerifyEnvelopeOptions): VerifiedEnvelope {
  const resolved = requirePolicy(policy);
  const outcome = checkEnvelope(envelope, resolved, options);
  if (outcome.verified !== null) return outcome.verified;
  throw new ManifestError("MANIFEST_VERIFICATION_FAILED", `Cannot verify the envelope: ${firstError(outcome.findings)}`, {
    findings: [...outcome.findings].sort(compareFindings),
    hint: "Do not use the payload; ask the people the policy names to sign it",
  });
}

/** What {@link checkEnvelope} found; `payload` without `verified` is not to be trusted and only serves to name more findings. @internal */
export interface EnvelopeOutcome {
  readonly verified: VerifiedEnvelope | null;
  readonly payload: Uint8Array | null;
  readonly findings: readonly Finding[];
}

/** Reads the policy or throws `MANIFEST_POLICY_INVALID`. @internal */
export function requirePolicy(policy: TrustPolicy): ResolvedPolicy {
  const resolved = resolvePolicy(policy);
  if (resolved.ok) return resolved.value;
  throw new ManifestError("MANIFEST_POLICY_INVALID", `Cannot use the trust policy: ${firstError(resolved.findings)}`, {
    findings: resolved.findings,
    hint: "Mend the policy and have it approved; nothing is verified with a policy in doubt",
  });
}

/** The check behind {@link verifyEnvelope}, with every finding as a value. @internal */
export function checkEnvelope(envelope: Envelope, policy: ResolvedPolicy, { payloadType, at }: VerifyEnvelopeOptions): EnvelopeOutcome {
  const instant = parseInstant(at);
  if (instant === null) throw new RangeError(`Cannot verify as of "${at}": it must be an RFC 3339 time in UTC`);
  // It may come from anywhere, not only from parseEnvelope.
  const defect = findEnvelopeDefect(envelope);
  if (defect !== null) {
    const malformed = finding("MANIFEST_ENVELOPE_MALFORMED", `The envelope is not one of DSSE: ${defect}`, {
      expected: "an object with the texts payloadType and payload and a list of signatures",
      hint: "Read it with parseEnvelope from the file that was written with what it signs",
    });
    return { verified: null, payload: null, findings: [malformed] };
  }
  const findings: Finding[] = [];
  if (envelope.payloadType !== payloadType)
    findings.push(
      finding("MANIFEST_PAYLOAD_TYPE_MISMATCH", `The envelope is of type "${envelope.payloadType}"`, { expected: payloadType }),
    );
  const payload = decodeBase64(envelope.payload);
  if (payload === null)
    return {
      verified: null,
      payload,
      findings: [...findings, finding("MANIFEST_ENVELOPE_MALFORMED", "The envelope's payload is not strict base64")],
    };
  if (envelope.signatures.length === 0) findings.push(finding("MANIFEST_UNSIGNED", "The envelope carries no signature"));
  const keys = findSigningKeys(envelope, { message: preAuthEncoding(envelope.payloadType, payload), policy, findings });
  const valid = keys.filter((key) => isValidAt(key, { instant, at, findings }));
  const tally = tallyVotes(valid, policy.roles);
  if (tally.people < policy.required)
    findings.push(
      finding("MANIFEST_THRESHOLD_NOT_MET", `${String(tally.people)} of ${String(policy.required)} required people have signed`),
    );
  for (const [role, count] of tally.lacking)
    findings.push(
      finding("MANIFEST_ROLE_NOT_MET", `Role "${role}" lacks ${String(count)} more people who do not already count for another role`),
    );
  if (findings.some(({ severity }) => severity === "error")) return { verified: null, payload, findings };
  const signers = valid.map(({ person, role, thumbprint }) => ({ person, role, thumbprint })).sort(compareSigners);
  return { verified: { payload, signers }, payload, findings };
}

/** Which trusted keys have signed, each once, whatever the key ids say. */
function findSigningKeys(
  envelope: Envelope,
  { message, policy, findings }: { readonly message: Uint8Array; readonly policy: ResolvedPolicy; readonly findings: Finding[] },
): readonly ResolvedKey[] {
  const found = new Map<string, ResolvedKey>();
  const skipped = (
    code: "MANIFEST_SIGNATURE_MALFORMED" | "MANIFEST_SIGNATURE_DUPLICATE" | "MANIFEST_SIGNATURE_NOT_VERIFIED",
    message: string,
  ): void => void findings.push(finding(code, message, { severity: "warning" }));
  for (const [index, { sig }] of envelope.signatures.entries()) {
    const label = `Signature ${String(index + 1)}`;
    const signature = decodeBase64(sig);
    if (signature === null) {
      skipped("MANIFEST_SIGNATURE_MALFORMED", `${label} is not strict base64`);
      continue;
    }
    const key = policy.keys.find((candidate) => verifyMessage(message, signature, candidate));
    if (key === undefined) skipped("MANIFEST_SIGNATURE_NOT_VERIFIED", `${label} does not verify with any trusted key`);
    else if (found.has(key.thumbprint)) skipped("MANIFEST_SIGNATURE_DUPLICATE", `${label} is by the key of "${key.person}" again`);
    else found.set(key.thumbprint, key);
  }
  const people = new Set<string>();
  for (const { person } of found.values()) {
    if (people.has(person))
      findings.push(finding("MANIFEST_PERSON_COUNTED_ONCE", `"${person}" signed with several keys and counts once`, { severity: "note" }));
    people.add(person);
  }
  return [...found.values()];
}

function isValidAt(
  key: ResolvedKey,
  { instant, at, findings }: { readonly instant: number; readonly at: string; readonly findings: Finding[] },
): boolean {
  if (key.from <= instant && instant < key.to) return true;
  const message = `The key of "${key.person}" in role "${key.role}" was not valid at ${at}`;
  findings.push(finding("MANIFEST_KEY_NOT_VALID_THEN", message, { severity: "warning" }));
  return false;
}

function firstError(findings: readonly Finding[]): string {
  const { message } = findings.find(({ severity }) => severity === "error") ?? { message: "It failed" };
  return message;
}

function compareSigners(a: VerifiedSigner, b: VerifiedSigner): number {
  const [left, right] = [`${a.person}\0${a.role}\0${a.thumbprint}`, `${b.person}\0${b.role}\0${b.thumbprint}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
