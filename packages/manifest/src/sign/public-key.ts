import { createHash, createPublicKey, type JsonWebKey, KeyObject } from "node:crypto";
import { ManifestError } from "../errors.ts";
import { findPointDefect } from "./internal/ed25519-point.ts";

/** A public key as people write it: SPKI PEM text or a JWK. */
export type PublicKeyInput = string | JsonWebKey;

/** A public key that may be trusted with signatures. */
export interface VerificationKey {
  readonly key: KeyObject;
  /** RFC 7638 thumbprint: one value per key, however it was encoded. */
  readonly thumbprint: string;
}

/**
 * Reads a public key and refuses what must not be trusted: small-order, non-canonical or off-curve Ed25519 points, and every other kind of key.
 *
 * @throws {@link ManifestError} `MANIFEST_KEY_REFUSED`, with the reason in `details.reason`.
 */
export function importPublicKey(input: PublicKeyInput | KeyObject): VerificationKey {
  const key = readKey(input);
  const jwk = key.asymmetricKeyType === "ed25519" ? key.export({ format: "jwk" }) : null;
  if (jwk?.x === undefined) throw refused(`its type is ${key.asymmetricKeyType ?? "unknown"}: only Ed25519 keys are taken`, "type");
  const defect = findPointDefect(Buffer.from(jwk.x, "base64url"));
  if (defect !== null) throw refused(`its Ed25519 point is unsafe (${defect}): generate a new key pair`, defect);
  return { key, thumbprint: thumbprintOf(jwk.x) };
}

/**
 * Returns the RFC 7638 thumbprint of an Ed25519 key: SHA-256, base64url. Two encodings of one key have one thumbprint.
 *
 * @throws {@link ManifestError} `MANIFEST_KEY_REFUSED` for every key that {@link importPublicKey} refuses.
 */
export function keyThumbprint(input: PublicKeyInput | KeyObject): string {
  return importPublicKey(input).thumbprint;
}

/** RFC 7638, section 3.2, with the required members of an OKP key (RFC 8037, section 2) in lexicographic order. */
function thumbprintOf(x: string): string {
  return createHash("sha256")
    .update(JSON.stringify({ crv: "Ed25519", kty: "OKP", x }))
    .digest("base64url");
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
