const quote = 34;
const backslash = 92;
const comma = 44;
/** What may follow a backslash in canonical JSON, but for `\u`, which the careful reader judges. */
const plainEscapes: ReadonlySet<number> = new Set(Buffer.from('"\\bfnrt'));
const maxDepth = 32;
const maxPlainDigits = 15;

/**
 * Returns where a canonical JSON value ends, or -1 when it is none or only the careful reader can tell: keys beyond ASCII, `\u` escapes, fractions,
 * exponents, deep nesting. What it accepts is canonical (RFC 8785), provided the bytes are UTF-8.
 */
export function skipValue(bytes: Uint8Array, at: number, depth: number): number {
  switch (bytes[at]) {
    case quote:
      return skipString(bytes, at);
    case 0x7b:
      return depth > maxDepth ? -1 : skipObject(bytes, at + 1, depth + 1);
    case 0x5b:
      return depth > maxDepth ? -1 : skipArray(bytes, at + 1, depth + 1);
    case 0x74:
      return skipText(bytes, at, literals.true);
    case 0x66:
      return skipText(bytes, at, literals.false);
    case 0x6e:
      return skipText(bytes, at, literals.null);
    default:
      return skipInteger(bytes, at);
  }
}

/** Returns where the text at this place ends, behind its closing quote, or -1. */
export function skipString(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== quote) return -1;
  const { length } = bytes;
  let index = at + 1;
  for (;;) {
    while (index < length && plain[bytes[index] as number] === 1) index++;
    const byte = bytes[index];
    if (byte === quote) return index + 1;
    if (byte !== backslash || !plainEscapes.has(bytes[index + 1] as number)) return -1;
    index += 2;
  }
}

/** Bytes that mean nothing within a text: all but quote, backslash and control characters. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x20 || byte === quote || byte === backslash ? 0 : 1));

/** Returns where a whole number of at most 15 digits ends, or -1. */
export function skipInteger(bytes: Uint8Array, at: number): number {
  const start = bytes[at] === 0x2d ? at + 1 : at;
  let index = start;
  while (isDigit(bytes[index])) index++;
  const length = index - start;
  if (length === 0 || length > maxPlainDigits) return -1;
  if (bytes[start] === 0x30 && (length > 1 || start > at)) return -1;
  const next = bytes[index];
  return next === 0x2e || next === 0x65 || next === 0x45 ? -1 : index;
}

/** A text that is compared four bytes at a time; at least four bytes long. */
export interface FixedText {
  readonly length: number;
  readonly first: number;
  readonly words: readonly number[];
  /** Its last four bytes. */
  readonly tail: number;
}

/** Prepares a text for {@link skipFixed}. */
export function fixedText(text: string): FixedText {
  const bytes = Buffer.from(text);
  const words = Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readUInt32BE(index * 4));
  return { length: bytes.length, first: words[0] as number, words, tail: bytes.readUInt32BE(bytes.length - 4) };
}

/** Returns where the expected text ends, or -1 when it does not stand here; a place below 0 is none. */
export function skipFixed(view: DataView, at: number, { length, first, words, tail }: FixedText): number {
  if (at < 0 || at + length > view.byteLength) return -1;
  if (view.getUint32(at) !== first || view.getUint32(at + length - 4) !== tail) return -1;
  for (let index = 1; index < words.length; index++) if (view.getUint32(at + index * 4) !== words[index]) return -1;
  return at + length;
}

function skipText(bytes: Uint8Array, at: number, text: Uint8Array): number {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return -1;
  return at + text.length;
}

const literals = { true: Buffer.from("true"), false: Buffer.from("false"), null: Buffer.from("null") };

function skipArray(bytes: Uint8Array, start: number, depth: number): number {
  if (bytes[start] === 0x5d) return start + 1;
  let at = start;
  for (;;) {
    at = skipValue(bytes, at, depth);
    if (at < 0) return -1;
    if (bytes[at] === 0x5d) return at + 1;
    if (bytes[at] !== comma) return -1;
    at++;
  }
}

function skipObject(bytes: Uint8Array, start: number, depth: number): number {
  if (bytes[start] === 0x7d) return start + 1;
  let at = start;
  let previous = -1;
  for (;;) {
    const key = at;
    at = skipPlainKey(bytes, key);
    if (at < 0 || bytes[at] !== 0x3a) return -1;
    if (previous >= 0 && !isAfter(bytes, key + 1, previous + 1)) return -1;
    previous = key;
    at = skipValue(bytes, at + 1, depth);
    if (at < 0) return -1;
    if (bytes[at] === 0x7d) return at + 1;
    if (bytes[at] !== comma) return -1;
    at++;
  }
}

function skipPlainKey(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== quote) return -1;
  for (let index = at + 1; index < bytes.length; index++) {
    const byte = bytes[index] as number;
    if (byte === quote) return index + 1;
    if (byte < 0x20 || byte > 0x7e || byte === backslash) return -1;
  }
  return -1;
}

/** True when the key at one place sorts after the key at the other; both end in a quote, and are ASCII. */
function isAfter(bytes: Uint8Array, key: number, previous: number): boolean {
  for (let index = 0; ; index++) {
    const one = bytes[key + index] as number;
    const other = bytes[previous + index] as number;
    if (other === quote) return one !== quote;
    if (one === quote) return false;
    if (one !== other) return one > other;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
