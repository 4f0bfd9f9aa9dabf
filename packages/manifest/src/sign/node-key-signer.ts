import { createPrivateKey, createPublicKey, KeyObject } from "node:crypto";
import { ManifestError } from "../errors.ts";
import { preAuthEncoding } from "./pre-auth-encoding.ts";
import { importPublicKey } from "./public-key.ts";
import { type SignatureAlgorithm, signMessage } from "./signature-algorithm.ts";
import type { Signer } from "./signer.ts";

/** Options of {@link createKeySigner}. */
export interface KeySignerOptions {
  /** The hint written beside each signature. @default the RFC 7638 thumbprint of the public key */
  readonly keyId?: string | undefined;
  /** @default the one of the key's type; for RSA keys that are not restricted to PSS, `rsa-pkcs1-sha256` */
  readonly algorithm?: SignatureAlgorithm | undefined;
  /** Opens an encrypted PKCS#8 PEM text (`BEGIN ENCRYPTED PRIVATE KEY`). @default none */
  readonly passphrase?: string | undefined;
}

/**
 * Creates a signer from a private key in memory, PKCS#8 PEM text, encrypted or not, or a `KeyObject`; the Node default of the `Signer` port.
 *
 * @throws {@link ManifestError} `MANIFEST_KEY_REFUSED` when the key is not one that `importPublicKey` would trust, or stands in the old PEM encryption, whose
 * key derivation is one round of MD5; `MANIFEST_KEY_LOCKED` when the text is encrypted and the passphrase is missing or wrong.
 */
export function createKeySigner(privateKey: string | KeyObject, options: KeySignerOptions = {}): Signer {
  const key = privateKey instanceof KeyObject ? privateKey : readPem(privateKey, options.passphrase);
  const { thumbprint, algorithm } = importPublicKey(createPublicKey(key), options);
  const { keyId = thumbprint } = options;
  return {
    sign: ({ payloadType, payload }) =>
      Promise.resolve({ keyId, signature: signMessage(preAuthEncoding(payloadType, payload), { key, algorithm }) }),
  };
}

function readPem(pem: string, passphrase: string | undefined): KeyObject {
  if (/^Proc-Type:/m.test(pem))
    throw new ManifestError("MANIFEST_KEY_REFUSED", "Cannot take the private key: its old PEM encryption is weak", {
      details: { reason: "pem encryption" },
      hint: "Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem",
    });
  const encrypted = pem.includes("BEGIN ENCRYPTED PRIVATE KEY");
  try {
    // Without a passphrase OpenSSL would ask the terminal for one; an empty text never opens a key.
    return createPrivateKey(encrypted ? { key: pem, passphrase: passphrase ?? "" } : pem);
  } catch (cause) {
    if (encrypted)
      throw new ManifestError("MANIFEST_KEY_LOCKED", "Cannot open the private key: the passphrase is missing or wrong", {
        hint: "Give the passphrase with which the PEM text was encrypted",
        cause,
      });
    throw new ManifestError("MANIFEST_KEY_REFUSED", "Cannot take the private key: it is no PKCS#8 PEM text", {
      details: { reason: "format" },
      cause,
    });
  }
}
