import { compareFindings, type Finding } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { ManifestError } from "../errors.ts";
import { finding, type ManifestFindingCode } from "../finding-codes.ts";
import { assertKnown } from "../internal/assert-known.ts";
import { parseInstant } from "../internal/instant.ts";
import type { Envelope } from "./envelope.ts";
import { decodeBase64 } from "./internal/base64.ts";
import { decodePolicyRevision, type PolicyRevision, policyRevisionPayloadType } from "./policy-revision.ts";
import { resolvePolicy, type TrustPolicy } from "./trust-policy.ts";
import { checkEnvelope, requirePolicy, type VerifiedSigner } from "./verify-envelope.ts";

/** What a verifier knows of a chain from before, and never goes back behind. */
export interface KnownPolicyRevision {
  readonly sequence: number;
  readonly digest: Digest;
}

/** Options of {@link verifyPolicyChain}. */
export interface VerifyPolicyChainOptions {
  /** Whom the verifier trusts without any signature; the root of everything that follows, obtained by hand. */
  readonly root: TrustPolicy;
  /** The instant as of which the newest revision must not have expired, RFC 3339 UTC. */
  readonly at: string;
  /** The newest revision this verifier has seen; keep what is returned. @default none */
  readonly known?: KnownPolicyRevision | undefined;
}

/** What {@link verifyPolicyChain} vouches for. */
export interface VerifiedPolicy {
  /** The policy in force. */
  readonly policy: TrustPolicy;
  /** What to give as `known` the next time. */
  readonly known: KnownPolicyRevision;
  /** First instant at which a newer revision is needed, RFC 3339 UTC. */
  readonly expiresAt: string;
  /** Who signed the newest revision, under the policy before it. */
  readonly signers: readonly VerifiedSigner[];
}

/**
 * Follows a trust policy from the root to its newest revision and returns the one in force (key rotation by a signed trust policy). Each revision must follow the
 * one before it by number and by digest, must be signed as the policy before it asks and as its own asks, with keys valid when it was issued, and none may go back in
 * time; the newest must not have expired. A chain that ends before, or differs from, what the verifier has seen is refused.
 *
 * A key that was valid once can always issue a revision dated back to that time; what protects a verifier from that is `known`, so keep it.
 *
 * @throws {@link ManifestError} `MANIFEST_POLICY_CHAIN_REFUSED` with every finding of the first revision that fails; `MANIFEST_POLICY_INVALID` when the root cannot be used.
 * @throws RangeError when `at` is not an RFC 3339 time in UTC, or `known` names no place and digest.
 */
export function verifyPolicyChain(envelopes: readonly Envelope[], options: VerifyPolicyChainOptions): VerifiedPolicy {
  const { root, at, known } = options;
  const now = parseInstant(at);
  if (now === null) throw new RangeError(`Cannot verify as of "${at}": it must be an RFC 3339 time in UTC`);
  assertKnown(known);
  let state: ChainState = { policy: root, sequence: 0, digest: null, issuedAt: -Infinity, signers: [], expiresAt: "" };
  requirePolicy(root);
  for (const envelope of envelopes) {
    state = followRevision(envelope, state, now);
    if (known?.sequence === state.sequence && known.digest !== state.digest)
      throw refuse([problem("MANIFEST_CHAIN_FORKED", state.sequence, "is not the one seen before")]);
  }
  const { policy, sequence, digest, signers, expiresAt } = state;
  if (digest === null)
    throw refuse([finding("MANIFEST_CHAIN_EMPTY", "The chain of trust policies is empty: at least one revision is needed")]);
  if (known !== undefined && known.sequence > sequence)
    throw refuse([problem("MANIFEST_CHAIN_ROLLBACK", sequence, `is the newest, but revision ${String(known.sequence)} has been seen`)]);
  if ((parseInstant(expiresAt) ?? -Infinity) <= now)
    throw refuse([problem("MANIFEST_POLICY_EXPIRED", sequence, `expired at ${expiresAt}: a newer one is needed`)]);
  return { policy, known: { sequence, digest }, expiresAt, signers };
}

interface ChainState {
  readonly policy: TrustPolicy;
  readonly sequence: number;
  readonly digest: Digest | null;
  readonly issuedAt: number;
  readonly signers: readonly VerifiedSigner[];
  readonly expiresAt: string;
}

function followRevision(envelope: Envelope, state: ChainState, now: number): ChainState {
  const sequence = state.sequence + 1;
  const payload = decodeBase64(envelope.payload);
  const revision = payload === null ? null : decodePolicyRevision(payload);
  if (payload === null || revision === null)
    throw refuse([problem("MANIFEST_STATEMENT_INVALID", sequence, "is no revision of a trust policy")]);
  const own = resolvePolicy(revision.policy);
  const findings: Finding[] = [...checkPlace(revision, { state, sequence, now }), ...own.findings];
  const check = { payloadType: policyRevisionPayloadType, at: revision.issuedAt };
  const before = checkEnvelope(envelope, requirePolicy(state.policy), check);
  findings.push(...before.findings);
  if (before.verified === null)
    findings.push(problem("MANIFEST_POLICY_NOT_HANDED_OVER", sequence, "is not signed as the policy before it asks"));
  if (own.ok && checkEnvelope(envelope, own.value, check).verified === null)
    findings.push(problem("MANIFEST_POLICY_NOT_TAKEN_OVER", sequence, "is not signed as it asks itself"));
  if (before.verified === null || findings.some(({ severity }) => severity === "error")) throw refuse(findings);
  const { policy, issuedAt, expiresAt } = revision;
  const { signers } = before.verified;
  return { policy, sequence, digest: digestBytes(payload), issuedAt: parseInstant(issuedAt) ?? now, signers, expiresAt };
}

function checkPlace(
  revision: PolicyRevision,
  { state, sequence, now }: { readonly state: ChainState; readonly sequence: number; readonly now: number },
): readonly Finding[] {
  const findings: Finding[] = [];
  const issuedAt = parseInstant(revision.issuedAt) ?? Infinity;
  if (revision.sequence !== sequence)
    findings.push(problem("MANIFEST_CHAIN_GAP", sequence, `says it is revision ${String(revision.sequence)}`));
  else if (revision.prior !== state.digest) findings.push(problem("MANIFEST_CHAIN_BROKEN", sequence, "does not name the one before it"));
  if (issuedAt < state.issuedAt) findings.push(problem("MANIFEST_CHAIN_TIME_REVERSED", sequence, "was issued before the one before it"));
  if (issuedAt > now) findings.push(problem("MANIFEST_CHAIN_NOT_YET", sequence, `is issued only at ${revision.issuedAt}`));
  return findings;
}

function problem(code: ManifestFindingCode, sequence: number, what: string): Finding {
  return finding(code, `Revision ${String(sequence)} of the trust policy ${what}`);
}

function refuse(findings: readonly Finding[]): ManifestError {
  const { message } = findings.find(({ severity }) => severity === "error") ?? { message: "Nothing could be verified" };
  return new ManifestError("MANIFEST_POLICY_CHAIN_REFUSED", `Cannot follow the trust policy: ${message}`, {
    findings: [...findings].sort(compareFindings),
    hint: "Keep the policy that was verified last, and ask the people it names for the missing revision",
  });
}
