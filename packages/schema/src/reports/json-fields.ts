import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";

/** The own field of a mapping, or undefined. */
export function field(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The mapping at a field, or an empty one. */
export function objectAt(value: JsonValue | undefined, name: string): JsonObject {
  const found = field(value, name);
  return isJsonObject(found) ? found : {};
}

/** The list at a field; empty when there is none. */
export function listAt(value: JsonValue | undefined, name: string): readonly JsonValue[] {
  const found = field(value, name);
  return Array.isArray(found) ? (found as readonly JsonValue[]) : [];
}

/** The text at a field, or null; an empty text is none. */
export function textAt(value: JsonValue | undefined, name: string): string | null {
  const found = field(value, name);
  return typeof found === "string" && found !== "" ? found : null;
}

/** The whole number of at least `from` at a field, or null. */
export function countAt(value: JsonValue | undefined, name: string, from: number): number | null {
  const found = field(value, name);
  return typeof found === "number" && Number.isSafeInteger(found) && found >= from ? found : null;
}
