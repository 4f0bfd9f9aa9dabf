/** Where a canonical line stands among other bytes, and in it its path, which has no escapes. */
export interface PlainLine {
  readonly bytes: Buffer;
  readonly begin: number;
  readonly end: number;
  readonly path: number;
  readonly pathEnd: number;
}

/** Memory that lines are found in: its bytes, one by one and as words. */
export interface LineMemory {
  readonly bytes: Buffer;
  readonly words: DataView;
}

/** All of the memory that some bytes are part of. */
export function lineMemory(buffer: ArrayBufferLike): LineMemory {
  return { bytes: Buffer.from(buffer), words: new DataView(buffer) };
}

/**
 * Returns the line from `begin` up to `end` if it is plain, else null. A line is plain when it is the canonical line of a valid record, holds nothing but ASCII,
 * and its path has no escapes: what `pathOfLine` tells of a text, without there being a text, and comparing words where it can. The time is linear.
 */
export function findPlainLine(memory: LineMemory, begin: number, end: number): PlainLine | null {
  const { bytes, words } = memory;
  let at = behindLiteral(words, begin, literals.digest);
  at = behindDigest(words, at);
  at = behindLiteral(words, at, literals.id);
  at = behindText(bytes, at, 1);
  at = behindLiteral(words, at, literals.kind);
  at = behindText(bytes, at, 1);
  at = behindLiteral(words, at, literals.owners);
  at = behindList(bytes, at);
  const path = behindLiteral(words, at, literals.path);
  const behindPath = behindQuotedPath(bytes, path);
  at = behindLiteral(words, behindPath, literals.size);
  at = behindSize(bytes, at);
  at = behindLiteral(words, at, literals.status);
  at = behindStatus(words, at);
  at = behindLiteral(words, at, literals.tags);
  at = behindList(bytes, at);
  at = behindLiteral(words, at, literals.title);
  at = behindTextOrNull(memory, at);
  at = behindLiteral(words, at, literals.version);
  at = behindTextOrNull(memory, at);
  return at === end - 1 && bytes[at] === closingBrace ? { bytes, begin, end, path, pathEnd: behindPath - 1 } : null;
}

// Each step returns the position behind what it takes; where that does not stand, the end of all bytes, behind which nothing stands.

function behindLiteral(words: DataView, begin: number, { length, words: wanted }: Literal): number {
  const end = begin + length;
  if (end > words.byteLength) return words.byteLength;
  // The last word overlaps the one before when the length is no multiple of four.
  for (let word = 0, at = begin; word < wanted.length; word++, at = Math.min(at + 4, end - 4))
    if (words.getInt32(at, true) !== wanted[word]) return words.byteLength;
  return end;
}

/** Takes hexadecimal digits, none of them a capital: of each range its ends decide, in the highest bit of each byte. */
function behindDigest(words: DataView, begin: number): number {
  const end = begin + digestLength;
  if (end > words.byteLength) return words.byteLength;
  let fits = highBits;
  for (let at = begin; at < end; at += 4) {
    const word = words.getInt32(at, true);
    const digit = (word + 0x50505050) & ~(word + 0x46464646);
    const letter = (word + 0x1f1f1f1f) & ~(word + 0x19191919);
    fits &= (digit | letter) & ~word;
  }
  return fits === highBits ? end : words.byteLength;
}

/** Takes a text of at least so many characters, with its quotes. */
function behindText(bytes: Buffer, begin: number, least: 0 | 1): number {
  const { length } = bytes;
  if (begin >= length || bytes[begin] !== quote) return length;
  let at = begin + 1;
  for (;;) {
    while (at < length && isPlain[bytes[at] as number] === 1) at += 1;
    if (at >= length) return length;
    if (bytes[at] === quote) return at - begin > least ? at + 1 : length;
    const escape = bytes[at] === backslash ? escapeLength(bytes, at) : 0;
    if (escape === 0) return length;
    at += escape;
  }
}

function behindTextOrNull({ bytes, words }: LineMemory, begin: number): number {
  return begin < bytes.length && bytes[begin] === quote ? behindText(bytes, begin, 0) : behindLiteral(words, begin, literals.nothing);
}

function behindList(bytes: Buffer, begin: number): number {
  const { length } = bytes;
  if (begin + 1 >= length || bytes[begin] !== openingBracket) return length;
  if (bytes[begin + 1] === closingBracket) return begin + 2;
  let at = begin;
  do at = behindText(bytes, at + 1, 0);
  while (at < length && bytes[at] === comma);
  return at < length && bytes[at] === closingBracket ? at + 1 : length;
}

/** Takes a path and the quote behind it: every segment is something, and none is "." or "..". */
function behindQuotedPath(bytes: Buffer, begin: number): number {
  const { length } = bytes;
  let segment = begin;
  for (let at = begin; at < length; at++) {
    const byte = bytes[at] as number;
    if (byte !== slash && byte !== quote) {
      if (isPlain[byte] === 1) continue;
      return length;
    }
    const characters = at - segment;
    if (characters === 0 || (characters <= 2 && bytes[segment] === dot && bytes[at - 1] === dot)) return length;
    if (byte === quote) return at + 1;
    segment = at + 1;
  }
  return length;
}

function behindSize(bytes: Buffer, begin: number): number {
  const { length } = bytes;
  if (begin >= length) return length;
  if (bytes[begin] === zero) return begin + 1;
  const most = Math.min(length, begin + sizeDigits);
  let at = begin;
  while (at < most && (bytes[at] as number) >= zero && (bytes[at] as number) <= nine) at += 1;
  return at > begin ? at : length;
}

function behindStatus(words: DataView, begin: number): number {
  for (const status of statuses) {
    const at = behindLiteral(words, begin, status);
    if (at < words.byteLength) return at;
  }
  return words.byteLength;
}

/** Length of the escape at a place; 0 when there is none that a canonical text has: control characters without a letter of their own are written by number. */
function escapeLength(bytes: Buffer, at: number): number {
  return escape.exec(bytes.toString("latin1", at, at + 6))?.[0].length ?? 0;
}

const escape = /^\\(?:["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))/;

/** A text of at least four characters as words. */
interface Literal {
  readonly length: number;
  readonly words: Int32Array;
}

function literal(text: string): Literal {
  const bytes = Buffer.from(text, "latin1");
  const places = Array.from({ length: Math.ceil(bytes.length / 4) }, (_, word) => Math.min(word * 4, bytes.length - 4));
  return { length: bytes.length, words: Int32Array.from(places, (at) => bytes.readInt32LE(at)) };
}

const literals = {
  digest: literal('{"digest":"sha256:'),
  id: literal('","id":'),
  kind: literal(',"kind":'),
  owners: literal(',"owners":'),
  path: literal(',"path":"'),
  size: literal(',"size":'),
  status: literal(',"status":'),
  tags: literal(',"tags":'),
  title: literal(',"title":'),
  version: literal(',"version":'),
  nothing: literal("null"),
} as const;
const statuses: readonly Literal[] = ['"draft"', '"review"', '"approved"', "null"].map(literal);
const digestLength = 64;
const sizeDigits = 15;
const highBits = 0x80808080 | 0;

const [quote, comma, dot, slash, zero, nine] = [0x22, 0x2c, 0x2e, 0x2f, 0x30, 0x39] as const;
const [openingBracket, backslash, closingBracket, closingBrace] = [0x5b, 0x5c, 0x5d, 0x7d] as const;
/** Bytes that stand for themselves in a text: printable ASCII and DEL, without the quote and the backslash. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x80 && byte !== quote && byte !== backslash ? 1 : 0,
);
