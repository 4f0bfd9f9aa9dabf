import { constants, type KeyObject, sign, verify } from "node:crypto";

/**
 * How a key signs. It belongs to the key, by the trust policy, and is never taken from what is verified: an envelope cannot talk a verifier into another one.
 * ECDSA signatures are DER, RSA-PSS has MGF1 with the same hash and a salt as long as the hash.
 */
export const signatureAlgorithms = ["ed25519", "ecdsa-p256-sha256", "ecdsa-p384-sha384", "rsa-pkcs1-sha256", "rsa-pss-sha256"] as const;

/** One of {@link signatureAlgorithms}. */
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** Hash of each algorithm, null where the scheme hashes by itself. */
const hashes: Readonly<Record<SignatureAlgorithm, string | null>> = {
  ed25519: null,
  "ecdsa-p256-sha256": "sha256",
  "ecdsa-p384-sha384": "sha384",
  "rsa-pkcs1-sha256": "sha256",
  "rsa-pss-sha256": "sha256",
};

/** Signs a message with a private key. @internal */
export function signMessage(message: Uint8Array, { key, algorithm }: AlgorithmKey): Uint8Array {
  return new Uint8Array(sign(hashes[algorithm], message, { key, dsaEncoding: "der", ...paddingOf(algorithm) }));
}

/** True when the signature of the message was made with the private half of the key. @internal */
export function verifyMessage(message: Uint8Array, signature: Uint8Array, { key, algorithm }: AlgorithmKey): boolean {
  return verify(hashes[algorithm], message, { key, dsaEncoding: "der", ...paddingOf(algorithm) }, signature);
}

/** A key with the one algorithm it is used with. @internal */
export interface AlgorithmKey {
  readonly key: KeyObject;
  readonly algorithm: SignatureAlgorithm;
}

function paddingOf(algorithm: SignatureAlgorithm): { readonly padding?: number; readonly saltLength?: number } {
  if (algorithm === "rsa-pkcs1-sha256") return { padding: constants.RSA_PKCS1_PADDING };
  if (algorithm === "rsa-pss-sha256") return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return {};
}
