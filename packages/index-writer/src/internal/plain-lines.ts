import type { JournalCommit } from "@gov/atomic-io/journal";
import { firstMark, isHexadecimal, marksOfSlash, marksOfSpecial } from "./byte-marks.ts";
import { hashBegin, hashStep } from "./path-hash.ts";
import { putBegins } from "./record-line.ts";

/** Lines where they stand in memory. */
export interface PlainLines {
  readonly memory: Buffer;
  /** Of each, at {@link placeSize} times its number: where it begins and ends, where its path does, and the path's hash. One that is not plain begins at -1. */
  readonly places: Int32Array;
}

/** Numbers of a place. */
export const placeSize = 5;

/**
 * Finds the lines that the changes of a commit put, from one of them on, as far as they are plain: the canonical line of a valid record, nothing but ASCII, a path
 * without escapes. What `pathOfLine` tells of a text, without there being a text. `memory` is what the commit stands in. The time is linear.
 */
export function findPlainLines({ bytes, spans, count }: JournalCommit, from: number, memory: Buffer): PlainLines {
  const places = new Int32Array(count * placeSize);
  const shift = bytes.byteOffset - memory.byteOffset;
  let [loadedFrom, loadedTo] = [0, 0];
  for (let number = from; number < count; number++) {
    const begin = shift + (spans[number * 2] as number);
    const end = shift + (spans[number * 2 + 1] as number);
    if (end > loadedTo) {
      loadedFrom = begin;
      loadedTo = Math.min(memory.length, begin + roomBytes);
      memory.copy(room, 0, loadedFrom, loadedTo);
    }
    const at = number * placeSize;
    // A change that does not fit into the room is no plain one either.
    if (end > loadedTo || !placeLine(places, at, { begin: begin - loadedFrom, end: end - loadedFrom })) places[at] = -1;
    else for (let each = at; each < at + 4; each++) places[each] = (places[each] as number) + loadedFrom;
  }
  return { memory, places };
}

/** The path of a plain line. */
export function pathOfPlain({ memory, places }: PlainLines, number: number): string {
  const at = number * placeSize;
  return memory.toString("latin1", places[at + 2], places[at + 3]);
}

// Lines are looked at in one room, which never moves: its place is part of the compiled code, and looking at memory here and there takes nearly twice the time.
const roomBytes = 65_536;
const room = Buffer.from(new ArrayBuffer(roomBytes));
const words = new DataView(room.buffer);

/** Notes where the line of a change stands in the room; false when it is not plain. */
function placeLine(places: Int32Array, at: number, change: { readonly begin: number; readonly end: number }): boolean {
  const begin = behindLiteral(change.begin, literals.put);
  let step = behindDigest(behindLiteral(begin, literals.digest));
  step = behindText(behindLiteral(step, literals.id), 1);
  step = behindText(behindLiteral(step, literals.kind), 1);
  step = behindList(behindLiteral(step, literals.owners));
  const path = behindLiteral(step, literals.path);
  const behindPath = behindQuotedPath(path);
  step = behindSize(behindLiteral(behindPath, literals.size));
  step = behindStatus(behindLiteral(step, literals.status));
  step = behindList(behindLiteral(step, literals.tags));
  step = behindTextOrNull(behindLiteral(step, literals.title));
  step = behindTextOrNull(behindLiteral(step, literals.version));
  if (step !== change.end - 2 || room[step] !== closingBrace || room[step + 1] !== closingBrace) return false;
  places[at] = begin;
  places[at + 1] = step + 1;
  places[at + 2] = path;
  places[at + 3] = behindPath - 1;
  places[at + 4] = hashBetween(path, behindPath - 1);
  return true;
}

// Each step returns the position behind what it takes; where that does not stand, the end of the room, behind which nothing stands.

function behindLiteral(begin: number, { length, words: wanted }: Literal): number {
  const end = begin + length;
  if (end > roomBytes) return roomBytes;
  for (let word = 0, at = begin; word < wanted.length; word++, at = Math.min(at + 4, end - 4))
    if (words.getInt32(at, true) !== wanted[word]) return roomBytes;
  return end;
}

function behindDigest(begin: number): number {
  const end = begin + digestLength;
  if (end > roomBytes) return roomBytes;
  for (let at = begin; at < end; at += 4) if (!isHexadecimal(words.getInt32(at, true))) return roomBytes;
  return end;
}

/** Takes a text of at least so many characters, with its quotes. */
function behindText(begin: number, least: 0 | 1): number {
  if (begin >= roomBytes || room[begin] !== quote) return roomBytes;
  let at = nextSpecial(begin + 1);
  while (at < roomBytes && room[at] === backslash) {
    const escape = escapeLength(at);
    if (escape === 0) return roomBytes;
    at = nextSpecial(at + escape);
  }
  return at < roomBytes && room[at] === quote && at - begin > least ? at + 1 : roomBytes;
}

/** The next byte that does not stand for itself in a text; a line's last bytes have no text in them, so that whole words are enough. */
function nextSpecial(begin: number): number {
  for (let at = begin; at + 4 <= roomBytes; at += 4) {
    const marks = marksOfSpecial(words.getInt32(at, true));
    if (marks !== 0) return at + firstMark(marks);
  }
  return roomBytes;
}

function behindTextOrNull(begin: number): number {
  return begin < roomBytes && room[begin] === quote ? behindText(begin, 0) : behindLiteral(begin, literals.nothing);
}

function behindList(begin: number): number {
  if (begin + 1 >= roomBytes || room[begin] !== openingBracket) return roomBytes;
  if (room[begin + 1] === closingBracket) return begin + 2;
  let at = begin;
  do at = behindText(at + 1, 0);
  while (at < roomBytes && room[at] === comma);
  return at < roomBytes && room[at] === closingBracket ? at + 1 : roomBytes;
}

/** Takes a path and the quote behind it: every segment is something, and none is "." or "..". */
function behindQuotedPath(begin: number): number {
  let segment = begin;
  for (let at = begin; at + 4 <= roomBytes;) {
    const word = words.getInt32(at, true);
    const marks = marksOfSpecial(word) | marksOfSlash(word);
    if (marks === 0) {
      at += 4;
      continue;
    }
    at += firstMark(marks);
    const byte = room[at];
    const characters = at - segment;
    if ((byte !== slash && byte !== quote) || characters === 0) return roomBytes;
    if (characters <= 2 && room[segment] === dot && room[at - 1] === dot) return roomBytes;
    at += 1;
    if (byte === quote) return at;
    segment = at;
  }
  return roomBytes;
}

function behindSize(begin: number): number {
  if (begin >= roomBytes) return roomBytes;
  if (room[begin] === zero) return begin + 1;
  const most = Math.min(roomBytes, begin + sizeDigits);
  let at = begin;
  while (at < most && (room[at] as number) >= zero && (room[at] as number) <= nine) at += 1;
  return at > begin ? at : roomBytes;
}

function behindStatus(begin: number): number {
  for (const status of statuses) {
    const at = behindLiteral(begin, status);
    if (at < roomBytes) return at;
  }
  return roomBytes;
}

/** Length of the escape at a place; 0 when there is none that a canonical text has: control characters without a letter of their own are written by number. */
function escapeLength(at: number): number {
  return escape.exec(room.toString("latin1", at, at + 6))?.[0].length ?? 0;
}

function hashBetween(path: number, end: number): number {
  let hash = hashBegin(end - path);
  let at = path;
  for (; at + 4 <= end; at += 4) hash = hashStep(hash, words.getInt32(at, true));
  for (; at < end; at++) hash = hashStep(hash, room[at] as number);
  return hashStep(hash, 0);
}

const escape = /^\\(?:["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))/;

/** A text of at least four characters in words; the last one overlaps the one before when its length is no multiple of four. */
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
  put: literal(putBegins),
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
const statuses = ['"draft"', '"review"', '"approved"', "null"].map(literal);
const digestLength = 64;
const sizeDigits = 15;

const [quote, comma, dot, slash, zero, nine] = [0x22, 0x2c, 0x2e, 0x2f, 0x30, 0x39] as const;
const [openingBracket, backslash, closingBracket, closingBrace] = [0x5b, 0x5c, 0x5d, 0x7d] as const;
