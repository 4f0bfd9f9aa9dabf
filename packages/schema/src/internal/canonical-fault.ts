/** Why a value has no canonical form, and where. */
export interface CanonicalFault {
  /** RFC 6901. */
  readonly pointer: string;
  readonly reason: string;
}

/** Finds the first value, in document order, that RFC 8785 cannot write; null when there is none. */
export function findCanonicalFault(value: unknown, maxDepth: number): CanonicalFault | null {
  return inspect(value, { pointer: "", ancestors: [], maxDepth });
}

interface Place {
  readonly pointer: string;
  readonly ancestors: readonly object[];
  readonly maxDepth: number;
}

function inspect(value: unknown, place: Place): CanonicalFault | null {
  const { pointer, ancestors, maxDepth } = place;
  const reason = scalarReason(value) ?? containerReason(value, ancestors, maxDepth);
  if (reason !== null) return { pointer, reason };
  if (typeof value !== "object" || value === null) return null;
  const inner = [...ancestors, value];
  for (const key of Object.keys(value)) {
    const child = { pointer: `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, ancestors: inner, maxDepth };
    if (hasLoneSurrogate(key)) return { pointer: child.pointer, reason: "under a key with a lone surrogate" };
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined || !("value" in descriptor)) return { pointer: child.pointer, reason: "an accessor" };
    const fault = inspect(descriptor.value, child);
    if (fault !== null) return fault;
  }
  return null;
}

function scalarReason(value: unknown): string | null {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? null : String(value);
    case "string":
      return hasLoneSurrogate(value) ? "text with a lone surrogate" : null;
    case "undefined":
      return "undefined";
    case "bigint":
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    default:
      return null;
  }
}

function containerReason(value: unknown, ancestors: readonly object[], maxDepth: number): string | null {
  if (typeof value !== "object" || value === null) return null;
  if (ancestors.includes(value)) return "part of a cycle";
  if (ancestors.length >= maxDepth) return `nested deeper than ${String(maxDepth)} levels`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) {
    if (prototype !== Array.prototype) return "not a plain array";
    const keys = Object.keys(value);
    // Indexes come first, in their order: with a name beside a hole the numbers agree.
    if (keys.length !== value.length || keys.some((key, index) => key !== String(index)))
      return "an array with holes or with named properties";
    return null;
  }
  if (prototype !== Object.prototype && prototype !== null) return "not a plain object";
  return Object.getOwnPropertySymbols(value).length > 0 ? "an object with symbol keys" : null;
}

function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
