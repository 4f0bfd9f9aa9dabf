import { createHash, createPublicKey, type JsonWebKey, KeyObject } from "node:crypto";
import { ManifestError } from "../errors.ts";
import { findPointDefect } from "./internal/ed25519-point.ts";
import { findRsaDefect, rsaNumbers } from "./internal/rsa-key.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";

/** A public key as people write it: SPKI PEM text or a JWK. */
export type PublicKeyInput = string | JsonWebKey;

/** A public key that may be trusted with signatures. */
export interface VerificationKey {
  readonly key: KeyObject;
  /** RFC 7638 thumbprint: one value per key, however it was encoded. */
  readonly thumbprint: string;
  /** The only way this key signs. */
  readonly algorithm: SignatureAlgorithm;
  /**
   * Names everything that one private key signs for. Wider than the thumbprint: who has the key of a point has that of its negative, and who knows the
   * factors of a modulus has every exponent, so neither may stand for two people.
   */
  readonly secret: string;
}

/** Options of {@link importPublicKey}. */
export interface ImportPublicKeyOptions {
  /** @default the one of the key's type; for RSA keys that are not restricted to PSS, `rsa-pkcs1-sha256` */
  readonly algorithm?: SignatureAlgorithm | undefined;
}

/**
 * Reads a public key, Ed25519, ECDSA on P-256 or P-384, or RSA (MAN-11, B-22), and refuses what must not be trusted: small-order, non-canonical or off-curve
 * points, other curves, RSA moduli below 2,048 bits or with a small factor, exponents below 65,537, PSS restrictions to other hashes, and every other kind of key.
 *
 * @throws {@link ManifestError} `MANIFEST_KEY_REFUSED`, with the reason in `details.reason`.
 */
export function importPublicKey(input: PublicKeyInput | KeyObject, options: ImportPublicKeyOptions = {}): VerificationKey {
  const key = readKey(input);
  const known = readers[key.asymmetricKeyType ?? ""]?.(key);
  if (known === undefined)
    throw refused(`its type is ${key.asymmetricKeyType ?? "unknown"}: Ed25519, ECDSA on P-256 or P-384, and RSA are taken`, "type");
  if (known.defect !== null) throw refused(`it is unsafe (${known.defect}): generate a new key pair`, known.defect);
  const [standard] = known.algorithms;
  const { algorithm = standard } = options;
  if (!known.algorithms.includes(algorithm)) throw refused(`it does not sign with ${algorithm}: use ${standard}`, "algorithm");
  const thumbprint = createHash("sha256").update(JSON.stringify(known.members)).digest("base64url");
  return { key, thumbprint, algorithm, secret: known.secret };
}

/**
 * Returns the RFC 7638 thumbprint of a key: SHA-256, base64url. Two encodings of one key have one thumbprint.
 *
 * @throws {@link ManifestError} `MANIFEST_KEY_REFUSED` for every key that {@link importPublicKey} refuses.
 */
export function keyThumbprint(input: PublicKeyInput | KeyObject): string {
  return importPublicKey(input).thumbprint;
}

interface KnownKey {
  readonly defect: string | null;
  /** The usual one first. */
  readonly algorithms: readonly [SignatureAlgorithm, ...SignatureAlgorithm[]];
  /** RFC 7638, section 3.2: the required members in lexicographic order. */
  readonly members: Readonly<Record<string, string>>;
  readonly secret: string;
}

const readers: Readonly<Record<string, ((key: KeyObject) => KnownKey) | undefined>> = {
  ed25519: (key) => {
    const { x = "" } = key.export({ format: "jwk" });
    const point = Buffer.from(x, "base64url");
    const defect = findPointDefect(point);
    // The highest bit is the sign of the point (RFC 8032, section 5.1.2).
    if (point.length === 32) point[31] = (point[31] ?? 0) & 0x7f;
    return { defect, algorithms: ["ed25519"], members: { crv: "Ed25519", kty: "OKP", x }, secret: `ed25519 ${point.toString("hex")}` };
  },
  ec: (key) => {
    const curve = curves.get(key.asymmetricKeyDetails?.namedCurve ?? "");
    if (curve === undefined) return { defect: "curve", algorithms: ["ecdsa-p256-sha256"], members: {}, secret: "" };
    const { x = "", y = "" } = key.export({ format: "jwk" });
    const { crv, algorithm } = curve;
    return { defect: null, algorithms: [algorithm], members: { crv, kty: "EC", x, y }, secret: `${crv} ${x}` };
  },
  rsa: (key) => ofRsa(key, ["rsa-pkcs1-sha256", "rsa-pss-sha256"]),
  "rsa-pss": (key) => ofRsa(key, ["rsa-pss-sha256"]),
};

const curves: ReadonlyMap<string, { readonly crv: string; readonly algorithm: SignatureAlgorithm }> = new Map([
  ["prime256v1", { crv: "P-256", algorithm: "ecdsa-p256-sha256" }],
  ["secp384r1", { crv: "P-384", algorithm: "ecdsa-p384-sha384" }],
]);

function ofRsa(key: KeyObject, algorithms: KnownKey["algorithms"]): KnownKey {
  const { n, e } = rsaNumbers(key);
  return { defect: findRsaDefect(key, { n, e }), algorithms, members: { e, kty: "RSA", n }, secret: `rsa ${n}` };
}

function readKey(input: PublicKeyInput | KeyObject): KeyObject {
  if (typeof input === "string" && input.includes("PRIVATE KEY")) throw refused("it is a private key: give the public one", "private");
  try {
    if (input instanceof KeyObject) return input.type === "private" ? createPublicKey(input) : input;
    if (typeof input === "string") return createPublicKey(input);
    if ("d" in input) throw new TypeError(`The JWK has a private member "d"`);
    return createPublicKey({ key: input, format: "jwk" });
  } catch (cause) {
    throw refused("it is neither SPKI PEM text nor a public JWK", "format", cause);
  }
}

function refused(explanation: string, reason: string, cause?: unknown): ManifestError {
  return new ManifestError("MANIFEST_KEY_REFUSED", `Cannot take the public key: ${explanation}`, { details: { reason }, cause });
}
