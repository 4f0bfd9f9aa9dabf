import type { ManifestModel } from "./model.ts";
import { digestManifest } from "./model.ts";
import type { InlineSeal } from "./manifest-shape.ts";
import { decodeBase64, encodeBase64 } from "./sign/internal/base64.ts";
import { preAuthEncoding } from "./sign/pre-auth-encoding.ts";
import { type SignatureAlgorithm, verifyMessage } from "./sign/signature-algorithm.ts";
import type { Signer } from "./sign/signer.ts";
import type { ResolvedPolicy } from "./sign/trust-policy.ts";

/** Payload type under which a model is signed inline; a signature for anything else is none, and this one seals nothing. */
export const inlineSealPayloadType = "application/vnd.gov.manifest-model-digest.v1";

/** The names the c22 shapes have for the algorithms. */
export const inlineSealAlgorithms: Readonly<Record<SignatureAlgorithm, string>> = {
  "rsa-pkcs1-sha256": "RSA-SHA256",
  "rsa-pss-sha256": "RSA-PSS-SHA256",
  "ecdsa-p256-sha256": "ECDSA-SHA256",
  "ecdsa-p384-sha384": "ECDSA-SHA384",
  ed25519: "Ed25519",
};

const prefix = "base64:";

/** Signs the canonical model for the inline fields `signature` and `seal` (MAN-01, MAN-03, B-21): its digest, so that a KMS or HSM gets little. */
export async function createInlineSeal(
  model: ManifestModel,
  by: { readonly signer: Signer; readonly algorithm: SignatureAlgorithm },
): Promise<InlineSeal> {
  const { signature } = await by.signer.sign({ payloadType: inlineSealPayloadType, payload: payloadOf(model) });
  return { algorithm: inlineSealAlgorithms[by.algorithm], signature: `${prefix}${encodeBase64(signature)}` };
}

/** Why an inline seal is not one of this model by a key the policy knows, or null. */
export function findInlineSealFault(seal: InlineSeal, model: ManifestModel, { keys }: Pick<ResolvedPolicy, "keys">): string | null {
  const bytes = seal.signature.startsWith(prefix) ? decodeBase64(seal.signature.slice(prefix.length)) : null;
  if (bytes === null) return `is not "${prefix}" and strict base64`;
  const message = preAuthEncoding(inlineSealPayloadType, payloadOf(model));
  const key = keys.find((one) => verifyMessage(message, bytes, one));
  if (key === undefined) return "is by no trusted key over this manifest";
  if (seal.algorithm !== null && seal.algorithm !== inlineSealAlgorithms[key.algorithm])
    return `is by ${inlineSealAlgorithms[key.algorithm]}, and says it is by ${seal.algorithm}`;
  return null;
}

function payloadOf(model: ManifestModel): Uint8Array {
  return new TextEncoder().encode(digestManifest(model));
}
