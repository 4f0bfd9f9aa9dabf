import { isJsonObject, type Finding, type Result } from "@gov/schema";
import { isManifestError } from "../errors.ts";
import { finding } from "../finding-codes.ts";
import { parseInstant } from "../internal/instant.ts";
import { importPublicKey, type PublicKeyInput, type VerificationKey } from "./public-key.ts";
import { type SignatureAlgorithm, signatureAlgorithms } from "./signature-algorithm.ts";

/** A key a policy trusts: whose it is, what for, and how long. */
export interface TrustedKey {
  /** The human being; people are counted, not keys. */
  readonly person: string;
  readonly role: string;
  /** SPKI PEM text or a JWK. */
  readonly publicKey: PublicKeyInput;
  /** The only way the key signs. @default that of the key's type; for RSA keys that are not restricted to PSS, `rsa-pkcs1-sha256` */
  readonly algorithm?: SignatureAlgorithm | undefined;
  /** First instant the key counts, RFC 3339 UTC. @default always */
  readonly validFrom?: string | undefined;
  /** First instant the key no longer counts, RFC 3339 UTC. @default never */
  readonly validTo?: string | undefined;
}

/** Whose signatures are enough. Always given explicitly: there is no default policy. */
export interface TrustPolicy {
  readonly version: 1;
  readonly keys: readonly TrustedKey[];
  /** How many different people must have signed, at least 1. */
  readonly required: number;
  /** How many different people each role needs; a person counts for one role only. @default {} */
  readonly roles?: Readonly<Record<string, number>> | undefined;
}

/** A {@link TrustedKey} whose key and times have been read. */
export interface ResolvedKey extends VerificationKey {
  readonly person: string;
  readonly role: string;
  /** Epoch milliseconds, inclusive. */
  readonly from: number;
  /** Epoch milliseconds, exclusive. */
  readonly to: number;
}

/** A {@link TrustPolicy} that can be met and whose keys are safe. */
export interface ResolvedPolicy {
  readonly keys: readonly ResolvedKey[];
  readonly required: number;
  readonly roles: ReadonlyMap<string, number>;
}

/** More keys than this are refused, so that verifying stays bounded. */
const maxKeys = 256;

/**
 * Checks a trust policy from an untrusted source, such as a parsed file, and returns it, or every reason why it cannot be used:
 * an unsafe or repeated key (in whatever encoding), a time that cannot be read, an unknown field, a threshold nobody could meet.
 */
export function parseTrustPolicy(value: unknown): Result<TrustPolicy> {
  const resolved = resolvePolicy(value);
  return resolved.ok ? { ok: true, value: value as TrustPolicy, findings: [] } : resolved;
}

/** Checks a policy and reads its keys, so that verifying needs no second opinion on either. @internal */
export function resolvePolicy(value: unknown): Result<ResolvedPolicy> {
  const findings: Finding[] = [];
  const malformed = (message: string): void => void findings.push(finding("MANIFEST_POLICY_MALFORMED", message));
  if (!isJsonObject(value)) return { ok: false, findings: [finding("MANIFEST_POLICY_MALFORMED", "The trust policy is not an object")] };
  for (const key of Object.keys(value).sort()) if (!policyFields.has(key)) malformed(`The trust policy has an unknown field "${key}"`);
  if (value["version"] !== 1) malformed(`The trust policy's version is not 1`);
  const keys = resolveKeys(value["keys"], findings);
  const required = value["required"];
  if (!isCount(required)) malformed(`"required" of the trust policy is not a whole number of at least 1`);
  const roles = new Map<string, number>();
  const asked = value["roles"] ?? {};
  if (!isJsonObject(asked)) malformed(`"roles" of the trust policy is not an object`);
  else
    for (const [role, count] of Object.entries(asked))
      if (isCount(count)) roles.set(role, count);
      else malformed(`The trust policy asks role "${role}" for a count that is not a whole number of at least 1`);
  if (findings.length > 0 || !isCount(required)) return { ok: false, findings };
  findings.push(...findUnreachable(keys, { required, roles }));
  return findings.length > 0 ? { ok: false, findings } : { ok: true, value: { keys, required, roles }, findings: [] };
}

const policyFields: ReadonlySet<string> = new Set(["version", "keys", "required", "roles"]);
const keyFields: ReadonlySet<string> = new Set(["person", "role", "publicKey", "algorithm", "validFrom", "validTo"]);

function resolveKeys(value: unknown, findings: Finding[]): readonly ResolvedKey[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxKeys) {
    findings.push(finding("MANIFEST_POLICY_MALFORMED", `"keys" of the trust policy is not a list of 1 to ${String(maxKeys)} keys`));
    return [];
  }
  const keys: ResolvedKey[] = [];
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const key = resolveKey(item, { label: `Key ${String(index + 1)} of the trust policy`, findings });
    if (key === null) continue;
    // One private key, also where it signs for two public ones: a point and its negative, a modulus with two exponents.
    const twin = keys.find(({ secret }) => secret === key.secret);
    if (twin === undefined) keys.push(key);
    else
      findings.push(
        finding(
          "MANIFEST_KEY_DUPLICATE",
          `Key ${String(index + 1)} of the trust policy is the key of "${twin.person}" again: one key is listed once`,
        ),
      );
  }
  return keys;
}

function resolveKey(item: unknown, { label, findings }: { readonly label: string; readonly findings: Finding[] }): ResolvedKey | null {
  const malformed = (message: string): void => void findings.push(finding("MANIFEST_POLICY_MALFORMED", `${label} ${message}`));
  if (!isJsonObject(item)) {
    malformed("is not an object");
    return null;
  }
  const before = findings.length;
  for (const field of Object.keys(item).sort()) if (!keyFields.has(field)) malformed(`has an unknown field "${field}"`);
  const { person, role, publicKey, algorithm, validFrom, validTo } = item;
  if (algorithm !== undefined && !(signatureAlgorithms as readonly unknown[]).includes(algorithm))
    malformed(`has an unknown "algorithm": it must be one of ${signatureAlgorithms.join(", ")}`);
  if (typeof person !== "string" || person === "") malformed(`has no "person"`);
  if (typeof role !== "string" || role === "") malformed(`has no "role"`);
  const from = validFrom === undefined ? -Infinity : typeof validFrom === "string" ? parseInstant(validFrom) : null;
  const to = validTo === undefined ? Infinity : typeof validTo === "string" ? parseInstant(validTo) : null;
  // A date that cannot be read must never mean "already" or "for ever".
  if (from === null) malformed(`has a "validFrom" that is no RFC 3339 time in UTC`);
  if (to === null) malformed(`has a "validTo" that is no RFC 3339 time in UTC`);
  if (from !== null && to !== null && from >= to) malformed(`is never valid: its "validTo" is not after its "validFrom"`);
  try {
    const key = importPublicKey(publicKey as PublicKeyInput, { algorithm: signatureAlgorithms.find((known) => known === algorithm) });
    if (findings.length > before || from === null || to === null) return null;
    return { ...key, person: person as string, role: role as string, from, to };
  } catch (error) {
    const reason = isManifestError(error) ? error.message : "Cannot take the public key";
    findings.push(finding("MANIFEST_KEY_UNUSABLE", `${label} is refused: ${reason}`));
    return null;
  }
}

function findUnreachable(
  keys: readonly ResolvedKey[],
  { required, roles }: Pick<ResolvedPolicy, "required" | "roles">,
): readonly Finding[] {
  const unreachable = (message: string): Finding => finding("MANIFEST_POLICY_UNREACHABLE", message);
  const people = new Set(keys.map(({ person }) => person)).size;
  const findings =
    people < required ? [unreachable(`The trust policy asks for ${String(required)} people but lists ${String(people)}`)] : [];
  for (const [role, count] of roles) {
    const able = new Set(keys.filter((key) => key.role === role).map(({ person }) => person)).size;
    if (able < count)
      findings.push(unreachable(`The trust policy asks for ${String(count)} people in role "${role}" but lists ${String(able)}`));
  }
  return findings;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}
