import type { JsonObject, JsonValue } from "@gov/schema";

/** Writes canonical JSON as UTF-8 into a room of fixed size. Each call returns the place behind what it wrote, or -1: then only `canonicalJson` can tell. */
export interface CanonicalWriter {
  /** Writes a value; -1 for what has no canonical form, for escapes, deep nesting, objects of many keys, and what has no room. */
  readonly putValue: (value: JsonValue, at: number, levels: number) => number;
  /** Writes a text with its quotes. */
  readonly putText: (text: string, at: number) => number;
  /** Writes a safe integer of 0 or more. */
  readonly putCount: (count: number, at: number) => number;
}

/** Deepest nesting that is written here. */
export const maxWrittenLevels = 32;

const maxKeys = 32;
const maxKeyLength = 64;
const shortText = 24;
const billion = 1_000_000_000;

/** Creates a writer into a room, all of whose bytes it may use. */
export function createCanonicalWriter(room: Buffer): CanonicalWriter {
  const orderOf = createKeyOrders();

  const putText = (text: string, at: number): number => {
    const { length } = text;
    if (at + 3 * length + 2 > room.length) return -1;
    room[at] = quote;
    let end = at + 1;
    if (length > shortText) return putLongText(text, end);
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7e) return putLongText(text, at + 1);
      if (plain[code] === 0) return -1;
      room[end++] = code;
    }
    room[end] = quote;
    return end + 1;
  };
  const putLongText = (text: string, at: number): number => {
    const end = at + room.write(text, at);
    if (end - at !== text.length && loneSurrogate.test(text)) return -1;
    for (let index = at; index < end; index++) if (plain[room[index] as number] === 0) return -1;
    room[end] = quote;
    return end + 1;
  };
  const putDigits = (count: number, length: number, at: number): number => {
    let rest = count;
    for (let index = at + length - 1; index >= at; index--) {
      const tenth = (rest / 10) | 0;
      room[index] = 48 + rest - tenth * 10;
      rest = tenth;
    }
    return at + length;
  };
  const putCount = (count: number, at: number): number => {
    if (count < billion) {
      let length = 1;
      for (let power = 10; power <= count; power *= 10) length++;
      return putDigits(count, length, at);
    }
    const low = count % billion;
    return putDigits(low, 9, putCount((count - low) / billion, at));
  };
  const putNumber = (number: number, at: number): number => {
    if (number >= 0 && Number.isSafeInteger(number)) return putCount(number, at);
    // ECMAScript's own spelling is the canonical one.
    return Number.isFinite(number) ? putBytes(Buffer.from(String(number)), at) : -1;
  };
  const putBytes = (bytes: Uint8Array, at: number): number => {
    if (at + bytes.length > room.length) return -1;
    for (let index = 0; index < bytes.length; index++) room[at + index] = bytes[index] as number;
    return at + bytes.length;
  };
  const putItems = (items: readonly JsonValue[], at: number, levels: number): number => {
    // A list is plain when it has an own item at each index, and nothing else.
    if (Object.getPrototypeOf(items) !== Array.prototype || Object.keys(items).length !== items.length) return -1;
    room[at] = 0x5b;
    let end = at + 1;
    for (let index = 0; index < items.length; index++) {
      if (isAccessor(items, index)) return -1;
      if (index > 0) room[end++] = comma;
      end = putValue(items[index] as JsonValue, end, levels);
      if (end < 0 || end >= room.length) return -1;
    }
    room[end] = 0x5d;
    return end + 1;
  };
  const putMembers = (members: JsonObject, at: number, levels: number): number => {
    const prototype: unknown = Object.getPrototypeOf(members);
    if ((prototype !== Object.prototype && prototype !== null) || Object.getOwnPropertySymbols(members).length > 0) return -1;
    const order = orderOf(Object.keys(members));
    if (order === null) return -1;
    const { keys, names } = order;
    room[at] = 0x7b;
    let end = at + 1;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] as string;
      if (isAccessor(members, key)) return -1;
      end = putBytes(names[index] as Uint8Array, end);
      end = end < 0 ? -1 : putValue(members[key] as JsonValue, end, levels);
      if (end < 0 || end >= room.length) return -1;
    }
    room[end] = 0x7d;
    return end + 1;
  };
  const putValue = (value: JsonValue, at: number, levels: number): number => {
    if (typeof value === "string") return putText(value, at);
    if (typeof value === "number") return putNumber(value, at);
    if (typeof value === "boolean") return putBytes(value ? literals.true : literals.false, at);
    if (value === null) return putBytes(literals.null, at);
    if (typeof value !== "object" || levels === 0) return -1;
    return Array.isArray(value) ? putItems(value as readonly JsonValue[], at, levels - 1) : putMembers(value as JsonObject, at, levels - 1);
  };
  return { putValue, putText, putCount };
}

/** The keys of an object in canonical order, and what is written before each value: `,"key":`, the first without comma. */
interface KeyOrder {
  readonly given: readonly string[];
  readonly keys: readonly string[];
  readonly names: readonly Uint8Array[];
}

/** Sorts keys; payloads of a log have few sets of them, so the last ones met are remembered. Null for those that are left to `canonicalJson`. */
function createKeyOrders(): (keys: readonly string[]) => KeyOrder | null {
  const known: (KeyOrder | undefined)[] = Array.from({ length: 64 });
  return (keys) => {
    const { length } = keys;
    if (length > maxKeys) return null;
    const place = length === 0 ? 0 : (length * 7 + (keys[0] as string).length + (keys[length - 1] as string).length * 3) & 63;
    const order = known[place];
    if (order !== undefined && isSame(order.given, keys)) return order;
    return (known[place] = orderKeys(keys)) ?? null;
  };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

function orderKeys(given: readonly string[]): KeyOrder | undefined {
  const keys = [...given].sort();
  const names = keys.map((key, index) => `${index === 0 ? "" : ","}${JSON.stringify(key)}:`);
  // A backslash stands only where something is escaped.
  if (keys.some((key) => key.length > maxKeyLength) || names.some((name) => name.includes("\\"))) return undefined;
  return { given, keys, names: names.map((name) => Buffer.from(name)) };
}

// It asks for no descriptor object; what has a setter alone reads as undefined, which is refused anyway.
const lookUpGetter = (Object.prototype as unknown as { readonly __lookupGetter__: (key: string | number) => unknown }).__lookupGetter__;

function isAccessor(owner: object, key: string | number): boolean {
  return lookUpGetter.call(owner, key) !== undefined;
}

const quote = 0x22;
const comma = 0x2c;
const loneSurrogate = /\p{Surrogate}/u;
const literals = { true: Buffer.from("true"), false: Buffer.from("false"), null: Buffer.from("null") };

/** Bytes that stand for themselves within a text: all but quote, backslash and control characters. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x20 || byte === quote || byte === 0x5c ? 0 : 1));
