import type { JsonObject, JsonValue } from "@gov/schema";

/** A value that only the subject's key can open, as it stands in a payload. */
export interface SealedData extends JsonObject {
  readonly sealed: "A256GCM";
  /** A pseudonym: it stays readable. */
  readonly subject: string;
  /** First 16 hexadecimal digits of the key's SHA-256: another key of the same subject opens nothing. */
  readonly key: string;
  readonly iv: string;
  readonly data: string;
}

/** True for a value that `sealPersonalData` made: exactly its members, each of its form, so that nothing readable passes for sealed. */
export function isSealedData(value: JsonValue): value is SealedData {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { sealed, subject, key, iv, data } = value as JsonObject;
  if (sealed !== "A256GCM" || Object.keys(value).length !== 5 || typeof subject !== "string") return false;
  return isText(key, /^[0-9a-f]{16}$/) && isText(iv, /^[A-Za-z0-9+/]{16}$/) && isText(data, /^[A-Za-z0-9+/]+={0,2}$/);
}

function isText(value: JsonValue | undefined, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}
