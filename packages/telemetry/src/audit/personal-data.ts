import { createCipheriv, createDecipheriv, hash } from "node:crypto";
import type { JsonValue } from "@gov/schema";
import { canonicalJson } from "@gov/schema/canonical";
import { TelemetryError } from "../errors.ts";
import { nodeRandomBytes } from "../node-random.ts";
import type { RandomBytes } from "../random.ts";
import type { SealedData } from "../sealed-data.ts";

/** Keeps one key of 32 bytes per person or other subject; destroying it erases what was sealed with it. */
export interface SubjectKeys {
  /** The subject's key, or null when there is none, or no more. */
  readonly find: (subject: string) => Promise<Uint8Array | null>;
  /** The subject's key, made when there is none. */
  readonly obtain: (subject: string) => Promise<Uint8Array>;
  /** Destroys the key for good. */
  readonly destroy: (subject: string) => Promise<void>;
}

/**
 * Seals personal data for a payload: AES-256-GCM with the subject's key, bound to the subject. The log's chain covers the sealed bytes, so it stays valid
 * when the key is destroyed and nobody can read them any more. Sealed is the value given and nothing else: its length, the pseudonym `subject`, the rest of the payload,
 * and the entry's `actor`, `subject`, `kind` and `time` stay readable for good, so what names the person must not stand there.
 *
 * @example Erase a person from a log that cannot be changed
 * ```ts
 * import assert from "node:assert/strict";
 * import { openPersonalData, openSubjectKeys, sealPersonalData } from "@gov/telemetry/audit";
 *
 * const keys = await openSubjectKeys("subject-keys");
 * const sealed = await sealPersonalData({ email: "ann@example.org" }, { subject: "person-7", keys });
 * assert.deepEqual(await openPersonalData(sealed, { keys }), { isErased: false, value: { email: "ann@example.org" } });
 * await keys.destroy("person-7");
 * assert.deepEqual(await openPersonalData(sealed, { keys }), { isErased: true });
 * ```
 */
export async function sealPersonalData(
  value: JsonValue,
  {
    subject,
    keys,
    random = nodeRandomBytes,
  }: { readonly subject: string; readonly keys: SubjectKeys; readonly random?: RandomBytes | undefined },
): Promise<SealedData> {
  const key = await keys.obtain(subject);
  const iv = random(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(subject, "utf8"));
  const data = Buffer.concat([cipher.update(canonicalJson(value), "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { sealed: "A256GCM", subject, key: nameOf(key), iv: Buffer.from(iv).toString("base64"), data: data.toString("base64") };
}

/**
 * Opens sealed data, or says that it was erased: its key is no more.
 *
 * @throws {@link TelemetryError} `TELEMETRY_SEALED_DATA_CORRUPT` when the key is there, but the bytes are not what was sealed for this subject.
 */
export async function openPersonalData(
  sealed: SealedData,
  { keys }: { readonly keys: Pick<SubjectKeys, "find"> },
): Promise<{ readonly isErased: true } | { readonly isErased: false; readonly value: JsonValue }> {
  const key = await keys.find(sealed.subject);
  if (key === null || nameOf(key) !== sealed.key) return { isErased: true };
  const bytes = Buffer.from(sealed.data, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(sealed.iv, "base64"), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(sealed.subject, "utf8")).setAuthTag(bytes.subarray(-16));
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
    return { isErased: false, value: JSON.parse(text) as JsonValue };
  } catch (cause) {
    throw new TelemetryError("TELEMETRY_SEALED_DATA_CORRUPT", `Cannot open the data of "${sealed.subject}": it is not what was sealed`, {
      details: { subject: sealed.subject },
      hint: "Verify the log it stands in",
      cause,
    });
  }
}

function nameOf(key: Uint8Array): string {
  return hash("sha256", key, "hex").slice(0, 16);
}
