import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";

/** A value that one of two documents has at a place, and the other has not. */
export interface JsonDifference {
  /** RFC 6901. */
  readonly pointer: string;
  readonly value: JsonValue;
}

/** Every smallest place at which `data` says something else than `plain`, in document order; what only `plain` says is not reported. */
export function differences(data: JsonObject, plain: JsonObject): readonly JsonDifference[] {
  return compare(data, plain, "");
}

/** Puts differences into a copy of `plain`; a place whose parent is not there is made. */
export function applyDifferences(plain: JsonObject, list: readonly JsonDifference[]): JsonObject {
  const copy: JsonObject = structuredClone(plain);
  for (const { pointer, value } of list) set(copy, pointer, structuredClone(value));
  return copy;
}

function compare(data: JsonValue, plain: JsonValue | undefined, pointer: string): readonly JsonDifference[] {
  if (isJsonObject(data) && isJsonObject(plain ?? null)) {
    const other = plain as JsonObject;
    return Object.entries(data).flatMap(([key, value]) =>
      compare(value, Object.hasOwn(other, key) ? other[key] : undefined, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
    );
  }
  if (Array.isArray(data) && Array.isArray(plain) && data.length === plain.length) {
    const items = plain as readonly JsonValue[];
    return (data as readonly JsonValue[]).flatMap((item, index) => compare(item, items[index], `${pointer}/${String(index)}`));
  }
  return data === plain ? [] : [{ pointer, value: data }];
}

function set(root: JsonObject, pointer: string, value: JsonValue): void {
  const keys = pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop();
  if (last === undefined) return;
  let owner: object = root;
  for (const key of keys) {
    const next: unknown = Object.hasOwn(owner, key) ? (owner as Readonly<Record<string, unknown>>)[key] : undefined;
    if (typeof next === "object" && next !== null) {
      owner = next;
      continue;
    }
    const made = {};
    define(owner, key, made);
    owner = made;
  }
  define(owner, last, value);
}

// Defined, not assigned: a key may be `__proto__`.
function define(owner: object, key: string, value: unknown): void {
  Object.defineProperty(owner, key, { value, writable: true, enumerable: true, configurable: true });
}
