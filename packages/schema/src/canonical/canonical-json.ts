import { SchemaError } from "../errors.ts";
import { findCanonicalFault } from "../internal/canonical-fault.ts";
import type { JsonValue } from "../json.ts";

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
  const order = survey(value, 0);
  if (order === refused || toJsonIsDefined()) return writeCarefully(value);
  const copy = order === sorted ? value : sortedCopy(value);
  if (copy === undefined) return writeCarefully(value);
  const text = JSON.stringify(copy);
  // The native writer escapes a lone surrogate as \ud..., and nothing else that way but a backslash before "ud".
  return text.includes("\\ud") ? writeCarefully(value) : text;
}

const sorted = 0;
const unsorted = 1;
const refused = 2;

// One pass decides which writer may be used; it keeps no pointers, the careful writer finds the place of a fault.
function survey(value: unknown, depth: number): number {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return sorted;
  if (typeof value === "number") return Number.isFinite(value) ? sorted : refused;
  if (typeof value !== "object" || depth === maxCanonicalDepth) return refused;
  const prototype: unknown = Object.getPrototypeOf(value);
  let order = sorted;
  if (Array.isArray(value)) {
    if (prototype !== Array.prototype || Object.keys(value).length !== value.length) return refused;
    for (let index = 0; index < value.length; index++) {
      if (isAccessor(value, index)) return refused;
      const item = survey(value[index], depth + 1);
      if (item === refused) return refused;
      order |= item;
    }
    return order;
  }
  if ((prototype !== Object.prototype && prototype !== null) || Object.getOwnPropertySymbols(value).length > 0) return refused;
  const record = value as Readonly<Record<string, unknown>>;
  let previous = "";
  for (const key of Object.keys(record)) {
    if (key < previous) order = unsorted;
    previous = key;
    if (isAccessor(record, key)) return refused;
    const item = survey(record[key], depth + 1);
    if (item === refused) return refused;
    order |= item;
  }
  return order;
}

// An own getter, or an own data property without one. It asks for no descriptor object, which would cost more than the rest of the walk;
// a setter alone reads as undefined, which is refused anyway.
const lookUpGetter = (Object.prototype as unknown as { readonly __lookupGetter__: (key: string | number) => unknown }).__lookupGetter__;

function isAccessor(owner: object, key: string | number): boolean {
  return lookUpGetter.call(owner, key) !== undefined;
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
  const keys = Object.keys(record).sort();
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

// A `toJSON` on a prototype would be called by the native writer; only a polluted realm has one.
function toJsonIsDefined(): boolean {
  return "toJSON" in Object.prototype || "toJSON" in Array.prototype;
}
