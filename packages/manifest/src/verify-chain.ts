import { compareFindings, type Finding } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { ManifestError } from "./errors.ts";
import { finding, type ManifestFindingCode } from "./finding-codes.ts";
import { assertKnown } from "./internal/assert-known.ts";
import { checkRelations } from "./internal/check-relations.ts";
import { parseInstant } from "./internal/instant.ts";
import { readManifestText } from "./parse-manifest.ts";
import type { Supersession } from "./plan-successor.ts";
import type { TrustPolicy } from "./sign/trust-policy.ts";
import { checkInline, checkSeal, type VerifiedManifest } from "./verify-manifest.ts";

/** One manifest of a chain, with its envelope. */
export interface ChainLink {
  readonly manifestBytes: Uint8Array;
  /** Content of the envelope file, or null when there is none. */
  readonly envelopeBytes: Uint8Array | null;
  /** Named in findings. @default "manifest <sequence>" */
  readonly path?: string | undefined;
}

/** What a verifier knows of a chain from before, and never goes back behind. */
export interface KnownManifest {
  readonly sequence: number;
  readonly digest: Digest;
}

/** Options of {@link verifyChain}. */
export interface VerifyChainOptions {
  /** Whose signatures are enough; there is no default. */
  readonly policy: TrustPolicy;
  /** The instant at which the keys of the newest manifest must be valid, and up to which manifests may be dated, RFC 3339 UTC. */
  readonly at: string;
  /** The newest manifest this verifier has seen; keep what is returned. @default none */
  readonly known?: KnownManifest | undefined;
  /** How old the newest manifest may be at `at`, in milliseconds; older means that somebody holds back newer ones. @default any age */
  readonly maxAgeMs?: number | undefined;
  /** Which ids each new manifest must change. @default none */
  readonly by?: Supersession | undefined;
}

/** What {@link verifyChain} vouches for. */
export interface VerifiedChain {
  /** In sequence; at least one. */
  readonly manifests: readonly VerifiedManifest[];
  readonly head: VerifiedManifest;
  /** What to give as `known` the next time. */
  readonly known: KnownManifest;
}

/**
 * Verifies a chain of manifests from its first to its newest (MAN-08): each signed, next in sequence, naming the digest of the exact bytes before it, not dated back, with
 * an id of its own; closing and restoring manifests agree with what they name. Refuses a chain that ends before or differs from what was seen (rollback, fork), one that
 * is too old (freeze), and one put together from several (mix and match). Artifacts are not read: verify the head with `verifyManifest` for those.
 *
 * Keys of earlier manifests must have been valid when they were made: their bytes are bound by the signature of the newest, whose keys must be valid at `at`.
 *
 * @throws {@link ManifestError} `MANIFEST_CHAIN_REFUSED` with every finding; `MANIFEST_POLICY_INVALID` when the policy cannot be used.
 * @throws RangeError when `at` is not an RFC 3339 time in UTC, or `known` names no place and digest, or `maxAgeMs` is no age.
 */
export function verifyChain(links: readonly ChainLink[], options: VerifyChainOptions): VerifiedChain {
  const { at, known, maxAgeMs = Infinity, by } = options;
  const now = parseInstant(at);
  if (now === null) throw new RangeError(`Cannot verify as of "${at}": it must be an RFC 3339 time in UTC`);
  assertKnown(known);
  if (typeof maxAgeMs !== "number" || !(maxAgeMs >= 0))
    throw new RangeError(`Cannot verify with the largest age "${String(maxAgeMs)}": it must be milliseconds of at least 0`);
  const findings: Finding[] = [];
  const manifests: VerifiedManifest[] = [];
  for (const [index, link] of links.entries()) {
    const path = link.path ?? `manifest ${String(index + 1)}`;
    const outcome = readLink(link, { options, path, newest: index === links.length - 1 });
    for (const one of outcome.findings) findings.push(one);
    // Nothing can be said of what follows a manifest that cannot be read.
    if (outcome.manifest === null) break;
    findings.push(...checkPlace(outcome.manifest, { before: manifests, path, now }));
    for (const one of checkRelations(outcome.manifest.model, { before: manifests, path, by })) findings.push(one);
    manifests.push(outcome.manifest);
  }
  const head = manifests.at(-1);
  if (head === undefined) findings.push(finding("MANIFEST_CHAIN_EMPTY", "The chain of manifests holds none that can be read"));
  else findings.push(...checkHead(manifests, { head, known, oldest: now - maxAgeMs }));
  if (head === undefined || findings.some(({ severity }) => severity === "error")) throw refuse(findings);
  return { manifests, head, known: { sequence: head.model.sequence, digest: head.digest } };
}

function readLink(
  link: ChainLink,
  { options, path, newest }: { readonly options: VerifyChainOptions; readonly path: string; readonly newest: boolean },
): { readonly manifest: VerifiedManifest | null; readonly findings: readonly Finding[] } {
  const digest = digestBytes(link.manifestBytes);
  const parsed = readManifestText(link.manifestBytes, { path });
  const model = parsed.ok ? parsed.value.model : null;
  const at = newest || model === null ? options.at : model.createdAt;
  const { signers, findings } = checkSeal({ envelopeBytes: link.envelopeBytes, policy: options.policy, at }, { model, digest, path });
  if (!parsed.ok || model === null) return { manifest: null, findings: [...parsed.findings, ...findings] };
  return {
    manifest: { model, digest, signers: signers ?? [] },
    findings: [...findings, ...checkInline(parsed.value, options.policy, path)],
  };
}

function checkPlace(
  { model }: VerifiedManifest,
  { before, path, now }: { readonly before: readonly VerifiedManifest[]; readonly path: string; readonly now: number },
): readonly Finding[] {
  const findings: Finding[] = [];
  const problem = (code: ManifestFindingCode, what: string): void => void findings.push(finding(code, `"${path}" ${what}`, { path }));
  const prior = before.at(-1);
  const sequence = before.length + 1;
  const created = parseInstant(model.createdAt) ?? Infinity;
  if (model.sequence !== sequence) problem("MANIFEST_CHAIN_GAP", `is number ${String(model.sequence)}, in place ${String(sequence)}`);
  else if (prior !== undefined && (model.prior?.digest !== prior.digest || model.prior.manifestId !== prior.model.manifestId))
    problem("MANIFEST_CHAIN_BROKEN", `does not name "${prior.model.manifestId}" and the digest of its bytes as its prior`);
  if (prior !== undefined && created < (parseInstant(prior.model.createdAt) ?? -Infinity))
    problem("MANIFEST_CHAIN_TIME_REVERSED", "is dated before its prior");
  if (created > now) problem("MANIFEST_CHAIN_NOT_YET", `is dated ${model.createdAt}, which is yet to come`);
  if (before.some((one) => one.model.manifestId === model.manifestId))
    problem("MANIFEST_CHAIN_ID_REUSED", `has the id of an earlier manifest, "${model.manifestId}"`);
  return findings;
}

function checkHead(
  manifests: readonly VerifiedManifest[],
  { head, known, oldest }: { readonly head: VerifiedManifest; readonly known: KnownManifest | undefined; readonly oldest: number },
): readonly Finding[] {
  const findings: Finding[] = [];
  const { manifestId, createdAt, sequence } = head.model;
  if (known !== undefined && known.sequence > manifests.length)
    findings.push(
      finding(
        "MANIFEST_CHAIN_ROLLBACK",
        `The chain ends with number ${String(sequence)}, but number ${String(known.sequence)} has been seen`,
      ),
    );
  const seen = known === undefined ? undefined : manifests[known.sequence - 1];
  if (seen !== undefined && seen.digest !== known?.digest)
    findings.push(finding("MANIFEST_CHAIN_FORKED", `Manifest "${seen.model.manifestId}" is not the one seen before in its place`));
  if ((parseInstant(createdAt) ?? -Infinity) < oldest)
    findings.push(
      finding("MANIFEST_CHAIN_STALE", `The newest manifest, "${manifestId}" of ${createdAt}, is too old: newer ones may be held back`),
    );
  return findings;
}

function refuse(findings: readonly Finding[]): ManifestError {
  const errors = findings.filter(({ severity }) => severity === "error");
  const more = errors.length > 1 ? ` (and ${String(errors.length - 1)} more)` : "";
  return new ManifestError("MANIFEST_CHAIN_REFUSED", `Cannot verify the chain of manifests: ${errors[0]?.message ?? ""}${more}`, {
    findings: [...findings].sort(compareFindings),
    hint: "Fetch the whole chain again, and keep to the newest manifest that was verified",
  });
}
