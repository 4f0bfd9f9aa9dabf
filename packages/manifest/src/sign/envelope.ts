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
  if (!isJsonObject(value)) throw invalid("it is not a JSON object");
  const { payloadType, payload, signatures } = value;
  if (typeof payloadType !== "string" || payloadType === "") throw invalid(`"payloadType" is missing or not a text`);
  if (typeof payload !== "string") throw invalid(`"payload" is missing or not a text`);
  if (!Array.isArray(signatures)) throw invalid(`"signatures" is missing or not a list`);
  if (signatures.length > maxSignatures)
    throw invalid(`it carries ${String(signatures.length)} signatures: at most ${String(maxSignatures)} are read`);
  return { payloadType, payload, signatures: signatures.map((item, index) => readSignature(item, index)) };
}

function readSignature(item: unknown, index: number): EnvelopeSignature {
  if (!isJsonObject(item) || typeof item["sig"] !== "string") throw invalid(`signature ${String(index + 1)} has no "sig" text`);
  const keyid = item["keyid"] ?? "";
  if (typeof keyid !== "string") throw invalid(`"keyid" of signature ${String(index + 1)} is not a text`);
  return { keyid, sig: item["sig"] };
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
