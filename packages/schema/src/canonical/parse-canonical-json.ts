import { SchemaError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { canonicalJson } from "./canonical-json.ts";

/**
 * Returns the value of a text that is canonical JSON, byte for byte.
 * Everything else is refused, and with it what parsers disagree about: duplicate keys, integers beyond 2⁵³, white space, lone surrogates.
 *
 * @throws {@link SchemaError} `SCHEMA_NOT_CANONICAL` when the text is not JSON, or not the canonical form of its value.
 */
export function parseCanonicalJson(text: string): JsonValue {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new SchemaError("SCHEMA_NOT_CANONICAL", "Cannot read canonical JSON: the text is not JSON", { cause });
  }
  const canonical = canonicalJson(value);
  if (canonical !== text) {
    const offset = firstDifference(canonical, text);
    throw new SchemaError(
      "SCHEMA_NOT_CANONICAL",
      `Cannot read canonical JSON: the text differs from its canonical form at offset ${String(offset)}`,
      {
        details: { offset },
        hint: "Write it with canonicalJson()",
      },
    );
  }
  return value;
}

function firstDifference(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) if (a[index] !== b[index]) return index;
  return length;
}
