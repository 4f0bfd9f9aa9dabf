import { createPrivateKey, createPublicKey, KeyObject, sign } from "node:crypto";
import { preAuthEncoding } from "./pre-auth-encoding.ts";
import { keyThumbprint } from "./public-key.ts";
import type { Signer } from "./signer.ts";

/** Options of {@link createKeySigner}. */
export interface KeySignerOptions {
  /** The hint written beside each signature. @default the RFC 7638 thumbprint of the public key */
  readonly keyId?: string | undefined;
}

/**
 * Creates a signer from an Ed25519 private key in memory, PKCS#8 PEM text or a `KeyObject`; the Node default of the `Signer` port.
 *
 * @throws {@link ManifestError} `MANIFEST_KEY_REFUSED` when the key is not a safe Ed25519 key.
 */
export function createKeySigner(privateKey: string | KeyObject, options: KeySignerOptions = {}): Signer {
  const key = privateKey instanceof KeyObject ? privateKey : createPrivateKey(privateKey);
  const thumbprint = keyThumbprint(createPublicKey(key));
  const { keyId = thumbprint } = options;
  return {
    sign: ({ payloadType, payload }) => {
      const signature = sign(null, preAuthEncoding(payloadType, payload), key);
      return Promise.resolve({ keyId, signature: new Uint8Array(signature) });
    },
  };
}
