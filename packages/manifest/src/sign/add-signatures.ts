import { ManifestError } from "../errors.ts";
import { type Envelope, maxSignatures } from "./envelope.ts";
import { decodeBase64, encodeBase64 } from "./internal/base64.ts";
import type { Signer } from "./signer.ts";

/**
 * Co-signs an envelope later, without making again what it speaks of: every signer signs the very bytes that stand in it, and the signatures are added behind the
 * ones that are there. A signature that stands there already is not added again. The one given stays as it is.
 *
 * Signing is vouching: read what the envelope says with `decodeStatement`, and verify what is there, before a key of yours is used.
 *
 * @throws {@link ManifestError} `MANIFEST_ENVELOPE_INVALID` when the payload is no strict base64, or there would be over 64 signatures.
 * @throws RangeError when there is no signer.
 */
export async function addSignatures(envelope: Envelope, signers: readonly Signer[]): Promise<Envelope> {
  if (signers.length === 0) throw new RangeError("Cannot co-sign the envelope: at least one signer is needed");
  const { payloadType } = envelope;
  const payload = decodeBase64(envelope.payload);
  if (payload === null) throw invalid("its payload is not strict base64");
  const signed = await Promise.all(signers.map((signer) => signer.sign({ payloadType, payload: payload.slice() })));
  const signatures = [...envelope.signatures];
  for (const { keyId: keyid, signature } of signed) {
    const sig = encodeBase64(signature);
    if (!signatures.some((one) => one.keyid === keyid && one.sig === sig)) signatures.push({ keyid, sig });
  }
  if (signatures.length > maxSignatures) throw invalid(`it would carry ${String(signatures.length)} signatures`);
  return { payloadType, payload: envelope.payload, signatures };
}

function invalid(reason: string): ManifestError {
  return new ManifestError("MANIFEST_ENVELOPE_INVALID", `Cannot co-sign the envelope: ${reason}`, {
    hint: "Take the envelope that was written with the manifest, and have each person sign once",
  });
}
