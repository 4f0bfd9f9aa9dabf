/** Any value that JSON text can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object: own string keys, JSON values. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** True when the value is a JSON object, that is neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
