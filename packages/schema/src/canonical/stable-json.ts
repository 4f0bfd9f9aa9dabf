import stringify from "fast-json-stable-stringify";
import type { JsonValue } from "../json.ts";

/**
 * Returns JSON text with sorted keys: the same text for equal values, for generated schemas, reports and cache keys.
 * What is hashed or signed takes {@link canonicalJson}, which also refuses what has no canonical form.
 */
export function stableJson(value: JsonValue): string {
  return stringify(value);
}
