import { SchemaError } from "../errors.ts";
import { findCanonicalFault } from "../internal/canonical-fault.ts";
import { isAccessor, large, refused, survey, surveyRange, unsorted } from "../internal/canonical-survey.ts";
import type { JsonObject, JsonValue } from "../json.ts";

/** Deepest nesting that has a canonical form here; far above any document, far below the end of the stack. */
export const maxCanonicalDepth = 512;

/**
 * Returns the RFC 8785 form of a value: the one text that equal values share, for what is hashed or signed.
 * Keys are sorted by UTF-16 code unit, numbers are written as ECMAScript does, `-0` as `0`; `toJSON` is never called.
 * Values that are not JSON are refused, never mended: NaN and infinities, undefined, functions, symbols and symbol keys, BigInt,
 * lone surrogates in values and keys, cycles, holes in arrays, accessors, and objects that are not plain (RFC 8785 §3.2.2).
 *
 * @throws {@link SchemaError} `SCHEMA_NOT_CANONICAL` with the JSON pointer of the first such value in `details.pointer`.
 * @example Give equal values one text
 * ```ts
 * import assert from "node:assert/strict";
 * import { canonicalJson, digestJson } from "@gov/schema/canonical";
 *
 * assert.equal(canonicalJson({ b: 1.0, a: ["é", 1e21] }), '{"a":["é",1e+21],"b":1}');
 * assert.equal(digestJson({ b: 1, a: 2 }), digestJson({ a: 2, b: 1 }));
 * ```
 */
export function canonicalJson(value: JsonValue): string {
  return (isPolluted() ? undefined : writePart(value, maxCanonicalDepth)) ?? writeCarefully(value);
}

// How many values are looked over before they are written, and how many items of a list are taken together: few enough that the processor
// still holds them when they are written, and enough that a call of the native writer costs nothing beside what it does.
const valuesAtOnce = 8192;
const itemsAtOnce = 256;

// Undefined where only the careful writer can tell what is to be done. Parts are put together with `+`, which copies none of them: the engine
// does that once, for whoever hashes or writes the text.
function writePart(value: JsonValue, levels: number): string | undefined {
  let order = survey(value, levels, { left: valuesAtOnce });
  if (order === large) {
    if (Array.isArray(value)) return writeItems(value as readonly JsonValue[], levels);
    const keys = Object.keys(value as JsonObject);
    if (keys.length <= itemsAtOnce) return writeMembers(value as JsonObject, keys.sort(), levels);
    order = survey(value, levels, { left: Number.POSITIVE_INFINITY });
  }
  return writePlain(value, order);
}

function writePlain(value: JsonValue, order: number): string | undefined {
  const copy = order === unsorted ? sortedCopy(value) : value;
  if (order === refused || copy === undefined) return undefined;
  const text = JSON.stringify(copy);
  // The native writer escapes a lone surrogate as \ud..., and nothing else that way but a backslash before "ud".
  return text.includes("\\ud") ? undefined : text;
}

function writeItems(items: readonly JsonValue[], levels: number): string | undefined {
  let step = itemsAtOnce;
  let start = 0;
  let text = "[";
  while (start < items.length) {
    const end = Math.min(start + step, items.length);
    const order = surveyRange(items, start, end, levels - 1, { left: valuesAtOnce });
    if (order === large && end - start > 1) {
      step = (end - start) >> 1;
      continue;
    }
    const part = order === large ? writePart(items[start] as JsonValue, levels - 1) : writeSlice(items.slice(start, end), order);
    if (part === undefined) return undefined;
    text += start === 0 ? part : `,${part}`;
    start = end;
  }
  return `${text}]`;
}

// Without its brackets.
function writeSlice(items: readonly JsonValue[], order: number): string | undefined {
  return writePlain(items, order)?.slice(1, -1);
}

function writeMembers(members: JsonObject, keys: readonly string[], levels: number): string | undefined {
  let text = "";
  for (const key of keys) {
    const name = JSON.stringify(key);
    if (isAccessor(members, key) || name.includes("\\ud")) return undefined;
    const part = writePart(members[key] as JsonValue, levels - 1);
    if (part === undefined) return undefined;
    text += `${text === "" ? "{" : ","}${name}:${part}`;
  }
  return `${text}}`;
}

// Undefined when the engine would not keep the order of the keys: integers go first, and `__proto__` is no key on assignment.
function sortedCopy(value: JsonValue): JsonValue | undefined {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items: JsonValue[] = [];
    for (const item of value as readonly JsonValue[]) {
      const copy = sortedCopy(item);
      if (copy === undefined) return undefined;
      items.push(copy);
    }
    return items;
  }
  const record = value as Readonly<Record<string, JsonValue>>;
  const keys = sortFew(Object.keys(record));
  const copy: Record<string, JsonValue> = {};
  for (const key of keys) {
    const first = key.charCodeAt(0);
    if ((first >= 48 && first <= 57) || key === "__proto__") return undefined;
    const item = sortedCopy(record[key] as JsonValue);
    if (item === undefined) return undefined;
    copy[key] = item;
  }
  return copy;
}

/** Sorts keys by UTF-16 code unit; the few of an object one by one, for which the engine's way takes three times as long. */
function sortFew(keys: string[]): string[] {
  if (keys.length > 16) return keys.sort();
  for (let index = 1; index < keys.length; index++) {
    const key = keys[index] as string;
    let at = index;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}

function writeCarefully(value: JsonValue): string {
  const fault = findCanonicalFault(value, maxCanonicalDepth);
  if (fault !== null) {
    throw new SchemaError("SCHEMA_NOT_CANONICAL", `Cannot write canonical JSON: the value at "${fault.pointer}" is ${fault.reason}`, {
      details: { pointer: fault.pointer },
      hint: "Hash and sign only what JSON can carry",
    });
  }
  return write(value);
}

function write(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(write).join(",")}]`;
  const record = value as Readonly<Record<string, JsonValue>>;
  const members = Object.keys(record)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(record[key] as JsonValue)}`);
  return `{${members.join(",")}}`;
}

// A `toJSON` on a prototype would be called by the native writer, an enumerable property there taken for a member; only a polluted realm has one.
function isPolluted(): boolean {
  return "toJSON" in Object.prototype || "toJSON" in Array.prototype || Object.keys(Object.prototype).length > 0;
}
