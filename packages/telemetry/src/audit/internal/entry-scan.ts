import { hash } from "node:crypto";
import { skipInteger, skipString, skipText, skipValue } from "./canonical-scan.ts";

/** What the chain needs of a line, read without building the entry. */
export interface ScannedEntry {
  readonly seq: number;
  /** 64 hexadecimal digits, or null for the first entry. */
  readonly prev: string | null;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

/** Reads lines of one log; holds the room in which the hashed bytes are put together. */
export interface EntryScanner {
  /**
   * Returns the place of the entry on a line whose hash holds, or null when only the careful reader can say what the line is. It accepts a part of what
   * the careful reader accepts, and nothing else; the bytes must be UTF-8.
   */
  readonly scan: (start: number, end: number) => ScannedEntry | null;
}

/** Node's own short cut past the checks of `toString`, which its type declarations leave out. */
interface FastBuffer extends Buffer {
  readonly latin1Slice: (start: number, end: number) => string;
}

/** Creates a scanner over the bytes of a log: what makes verifying as fast as hashing. */
export function createEntryScanner(bytes: Uint8Array): EntryScanner {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as FastBuffer;
  let last = "";
  let scratch: Buffer = Buffer.allocUnsafe(4096);
  const digestWithout = (start: number, member: number, end: number): string => {
    const rest = member + memberLength;
    const length = end - start - memberLength;
    if (scratch.length < length) scratch = Buffer.allocUnsafe(length * 2);
    buffer.copy(scratch, 0, start, member);
    buffer.copy(scratch, member - start, rest, end);
    return hash("sha256", scratch.subarray(0, length), "hex");
  };
  return {
    scan: (start, end) => {
      let at = skipBoundedText(buffer, skipText(buffer, start, texts.actor), 256);
      if (at < 0) return null;
      const correlation = skipText(buffer, at, texts.correlation);
      if (correlation >= 0) {
        at = skipHex(buffer, correlation, 32);
        if (at < 0 || isAllZero(buffer, correlation, 32) || buffer[at] !== 34) return null;
        at++;
      }
      const member = at + 1;
      const hashAt = skipText(buffer, at, texts.hash);
      if (hashAt < 0) return null;
      // Which digits these are is settled below: they must equal those computed.
      at = skipBoundedText(buffer, skipText(buffer, hashAt + 64, texts.kind), 256);
      if (at < 0) return null;
      const lamport = skipText(buffer, at, texts.lamport);
      if (lamport >= 0) {
        at = buffer[lamport] === 0x2d ? -1 : skipInteger(buffer, lamport);
        at = at < 0 ? -1 : skipBoundedText(buffer, skipText(buffer, at, texts.node), 128);
        if (at < 0 || buffer[at] !== 0x7d) return null;
        at++;
      }
      at = skipText(buffer, at, texts.payload);
      at = at < 0 ? -1 : skipValue(buffer, at, 0);
      at = at < 0 ? -1 : skipText(buffer, at, texts.prev);
      if (at < 0) return null;
      let prev: string | null = null;
      if (buffer[at] === 0x6e) at = skipText(buffer, at, texts.null);
      else {
        const prevAt = skipText(buffer, at, texts.digest);
        at = prevAt + 64;
        if (prevAt < 0 || buffer[at] !== 34) return null;
        prev = buffer.latin1Slice(prevAt, at);
        if (prev !== last && skipHex(buffer, prevAt, 64) < 0) return null;
        at++;
      }
      const seqAt = at < 0 ? -1 : skipText(buffer, at, texts.seq);
      at = seqAt < 0 || buffer[seqAt] === 0x2d ? -1 : skipInteger(buffer, seqAt);
      if (at < 0) return null;
      let seq = 0;
      for (let index = seqAt; index < at; index++) seq = seq * 10 + (buffer[index] as number) - 48;
      at = skipBoundedText(buffer, skipText(buffer, at, texts.subject), 1024);
      const timeAt = at < 0 ? -1 : skipText(buffer, at, texts.time);
      if (timeAt < 0 || seq < 1 || !isTimeAt(buffer, timeAt)) return null;
      if (skipText(buffer, timeAt + 24, texts.end) !== end) return null;
      const hex = digestWithout(start, member, end);
      if (hex !== buffer.latin1Slice(hashAt, hashAt + 64)) return null;
      last = hex;
      return { seq, prev, hash: hex };
    },
  };
}

const texts = {
  actor: Buffer.from('{"actor":'),
  correlation: Buffer.from(',"correlation_id":"'),
  hash: Buffer.from(',"hash":"sha256:'),
  kind: Buffer.from('","kind":'),
  lamport: Buffer.from(',"lamport":{"counter":'),
  node: Buffer.from(',"node":'),
  payload: Buffer.from(',"payload":'),
  prev: Buffer.from(',"prev":'),
  null: Buffer.from("null"),
  digest: Buffer.from('"sha256:'),
  seq: Buffer.from(',"seq":'),
  subject: Buffer.from(',"subject":'),
  time: Buffer.from(',"time":"'),
  end: Buffer.from('","v":1}'),
};
/** Length of `"hash":"sha256:<64 digits>",`. */
const memberLength = 81;

/** A text of 1 to `maxLength` bytes cannot be longer in UTF-16 code units. */
function skipBoundedText(bytes: Uint8Array, at: number, maxLength: number): number {
  const end = at < 0 ? -1 : skipString(bytes, at);
  return end < 0 || end - at < 3 || end - at - 2 > maxLength ? -1 : end;
}

function skipHex(bytes: Uint8Array, at: number, length: number): number {
  for (let index = at; index < at + length; index++) {
    const byte = bytes[index] as number;
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return -1;
  }
  return at + length;
}

function isAllZero(bytes: Uint8Array, at: number, length: number): boolean {
  for (let index = at; index < at + length; index++) if (bytes[index] !== 0x30) return false;
  return true;
}

/** True for `YYYY-MM-DDTHH:MM:SS.mmmZ` with a day up to 28, which every month has; other days are left to the careful reader. */
function isTimeAt(bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < 24; index++) {
    const byte = bytes[at + index] as number;
    const wanted = timeShape[index] as number;
    if (wanted === 0x30 ? byte < 0x30 || byte > 0x39 : byte !== wanted) return false;
  }
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  if (twoDigits(bytes, at) === 0 || month < 1 || month > 12 || day < 1 || day > 28) return false;
  return twoDigits(bytes, at + 11) <= 23 && twoDigits(bytes, at + 14) <= 59 && twoDigits(bytes, at + 17) <= 59;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) - 48) * 10 + (bytes[at + 1] as number) - 48;
}

const timeShape = Buffer.from("0000-00-00T00:00:00.000Z");
