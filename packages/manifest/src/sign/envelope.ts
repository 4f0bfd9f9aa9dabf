import { isJsonObject } from "@gov/schema";
import { ManifestError } from "../errors.ts";

/** One signature of an {@link Envelope}. */
export interface EnvelopeSignature {
  /** A hint which key signed; not authenticated, so nothing is ever decided by it. */
  readonly keyid: string;
  /** Signature over the pre-authentication encoding, base64. */
  readonly sig: string;
}

/** A DSSE v1 envelope: a payload, what it is, and any number of signatures over both. */
export interface Envelope {
  readonly payloadType: string;
  /** The signed bytes, base64. */
  readonly payload: string;
  readonly signatures: readonly EnvelopeSignature[];
}

/** More signatures than this are refused unread, so that verifying stays bounded. @internal */
export const maxSignatures = 64;

/** Returns the text of an envelope file: JSON with two spaces and a final newline, the same bytes for the same envelope. */
export function renderEnvelope(envelope: Envelope): string {
  const { payloadType, payload, signatures } = envelope;
  return `${JSON.stringify({ payloadType, payload, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) }, null, 2)}\n`;
}

/**
 * Reads an envelope file; fields that DSSE does not know are ignored, as its specification asks.
 *
 * @throws {@link ManifestError} `MANIFEST_ENVELOPE_INVALID` when the bytes are not UTF-8, not JSON or not an envelope, or carry over 64 signatures.
 */
export function parseEnvelope(bytes: Uint8Array | string): Envelope {
  const value = parseJson(bytes);
  const defect = findEnvelopeDefect(value);
  if (defect !== null) throw invalid(defect);
  const { payloadType, payload, signatures } = value as Written;
  if (payloadType === "") throw invalid(`"payloadType" is missing or not a text`);
  return { payloadType, payload, signatures: signatures.map(({ keyid, sig }) => ({ keyid: keyid ?? "", sig })) };
}

/** An envelope as others may write it: DSSE does not ask for a key id. */
interface Written extends Pick<Envelope, "payloadType" | "payload"> {
  readonly signatures: readonly { readonly keyid?: string | null | undefined; readonly sig: string }[];
}

/** Returns what keeps a value from being an envelope, or null. @internal */
export function findEnvelopeDefect(value: unknown): string | null {
  if (!isJsonObject(value)) return "it is not a JSON object";
  const { payloadType, payload, signatures } = value;
  if (typeof payloadType !== "string") return `"payloadType" is missing or not a text`;
  if (typeof payload !== "string") return `"payload" is missing or not a text`;
  if (!Array.isArray(signatures)) return `"signatures" is missing or not a list`;
  if (signatures.length > maxSignatures)
    return `it carries ${String(signatures.length)} signatures: at most ${String(maxSignatures)} are read`;
  for (const [index, item] of (signatures as readonly unknown[]).entries()) {
    if (!isJsonObject(item) || typeof item["sig"] !== "string") return `signature ${String(index + 1)} has no "sig" text`;
    if (typeof (item["keyid"] ?? "") !== "string") return `"keyid" of signature ${String(index + 1)} is not a text`;
  }
  return null;
}

function parseJson(bytes: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof bytes === "string" ? bytes : new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid("it is not JSON in UTF-8", cause);
  }
}

function invalid(reason: string, cause?: unknown): ManifestError {
  return new ManifestError("MANIFEST_ENVELOPE_INVALID", `Cannot read the envelope: ${reason}`, {
    hint: "Take the envelope that was written with the manifest from a backup, or seal again",
    cause,
  });
}
