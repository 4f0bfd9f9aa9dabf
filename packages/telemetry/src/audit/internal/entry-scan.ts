import { hash } from "node:crypto";
import { type FixedText, fixedText, skipFixed, skipInteger, skipString, skipValue } from "./canonical-scan.ts";

/** What the chain needs of a line, read without building the entry. */
export interface ScannedEntry {
  readonly seq: number;
  /** 64 hexadecimal digits, or null for the first entry. */
  readonly prev: string | null;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

/** An entry, and where its line ends. */
export interface ScannedLine extends ScannedEntry {
  /** Where its line feed stands. */
  readonly end: number;
}

/** Reads the lines of one log, a chunk of whole lines at a time; holds the room in which the hashed bytes are put together. */
export interface EntryScanner {
  /** Goes on with the next bytes, which must be UTF-8. */
  readonly take: (bytes: Uint8Array) => void;
  /**
   * Returns the place of the entry whose line begins here and whose hash holds, or null when only the careful reader can say what the line is. It accepts a part
   * of what the careful reader accepts, and nothing else.
   */
  readonly scan: (start: number) => ScannedLine | null;
}

const noBytes: Uint8Array = new Uint8Array();

/** Creates a scanner of the lines of one log: what makes verifying as fast as hashing. */
export function createEntryScanner(): EntryScanner {
  let buffer = Buffer.from(noBytes.buffer);
  let view = new DataView(noBytes.buffer);
  // Nearly every line names the one before: then its digits are compared where they stand, and none is looked at twice.
  let last: { readonly hash: string; readonly at: number } | null = null;
  // So do its correlation id and its time: what has been looked at need only be the same.
  let correlationAt = -1;
  let timeAt = -1;
  const digestWithout = createDigest();
  const digits = createDigits();
  return {
    take: (bytes) => {
      buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      last = null;
      correlationAt = -1;
      timeAt = -1;
    },
    scan: (start) => {
      let at = skipBoundedText(buffer, skipFixed(view, start, texts.actor), 256);
      if (at < 0) return null;
      const correlation = skipFixed(view, at, texts.correlation);
      if (correlation >= 0) {
        at = correlation + 32;
        if (buffer[at] !== 34) return null;
        if (correlationAt < 0 || !isSame(view, correlation, correlationAt, 32)) {
          if (skipHex(buffer, correlation, 32) < 0 || isAllZero(buffer, correlation, 32)) return null;
          correlationAt = correlation;
        }
        at++;
      }
      const member = at + 1;
      const hashAt = skipFixed(view, at, texts.hash);
      if (hashAt < 0) return null;
      // Which digits these are is settled below: they must equal those computed.
      at = skipBoundedText(buffer, skipFixed(view, hashAt + 64, texts.kind), 256);
      if (at < 0) return null;
      const lamport = skipFixed(view, at, texts.lamport);
      if (lamport >= 0) {
        at = buffer[lamport] === 0x2d ? -1 : skipInteger(buffer, lamport);
        at = at < 0 ? -1 : skipBoundedText(buffer, skipFixed(view, at, texts.node), 128);
        if (at < 0 || buffer[at] !== 0x7d) return null;
        at++;
      }
      at = skipFixed(view, at, texts.payload);
      at = at < 0 ? -1 : skipValue(buffer, at, 0);
      at = at < 0 ? -1 : skipFixed(view, at, texts.prev);
      if (at < 0) return null;
      let prev: string | null = null;
      if (buffer[at] === 0x6e) at = skipFixed(view, at, texts.null);
      else {
        const prevAt = skipFixed(view, at, texts.digest);
        if (prevAt < 0) return null;
        at = prevAt + 64;
        if (buffer[at] !== 34) return null;
        if (last !== null && isSame(view, prevAt, last.at, 64)) prev = last.hash;
        else if (skipHex(buffer, prevAt, 64) < 0) return null;
        else prev = buffer.toString("latin1", prevAt, at);
        at++;
      }
      const seqAt = at < 0 ? -1 : skipFixed(view, at, texts.seq);
      at = seqAt < 0 || buffer[seqAt] === 0x2d ? -1 : skipInteger(buffer, seqAt);
      if (at < 0) return null;
      let seq = 0;
      for (let index = seqAt; index < at; index++) seq = seq * 10 + (buffer[index] as number) - 48;
      at = skipBoundedText(buffer, skipFixed(view, at, texts.subject), 1024);
      const time = at < 0 ? -1 : skipFixed(view, at, texts.time);
      if (time < 0 || seq < 1) return null;
      const end = skipFixed(view, time + 24, texts.end);
      if (end < 0 || buffer[end] !== 10) return null;
      if (timeAt < 0 || !isSame(view, time, timeAt, 24)) {
        if (!isTimeAt(buffer, time)) return null;
        timeAt = time;
      }
      const hex = digestWithout(buffer, view, { start, member, end });
      if (!digits.standAt(view, hashAt, hex)) return null;
      last = { hash: hex, at: hashAt };
      return { seq, prev, hash: hex, end };
    },
  };
}

const texts = {
  actor: fixedText('{"actor":'),
  correlation: fixedText(',"correlation_id":"'),
  hash: fixedText(',"hash":"sha256:'),
  kind: fixedText('","kind":'),
  lamport: fixedText(',"lamport":{"counter":'),
  node: fixedText(',"node":'),
  payload: fixedText(',"payload":'),
  prev: fixedText(',"prev":'),
  null: fixedText("null"),
  digest: fixedText('"sha256:'),
  seq: fixedText(',"seq":'),
  subject: fixedText(',"subject":'),
  time: fixedText(',"time":"'),
  end: fixedText('","v":1}'),
} satisfies Readonly<Record<string, FixedText>>;
/** Length of `"hash":"sha256:<64 digits>",`. */
const memberLength = 81;

/** Digests a line without its member `hash`. */
function createDigest(): (
  buffer: Buffer,
  view: DataView,
  line: { readonly start: number; readonly member: number; readonly end: number },
) => string {
  const scratch = Buffer.allocUnsafe(4096);
  const words = new DataView(scratch.buffer, scratch.byteOffset, scratch.length);
  // A view of each length, made once: lines of a log are of few lengths.
  const views: (Buffer | undefined)[] = [];
  return (buffer, view, { start, member, end }) => {
    const rest = member + memberLength;
    const length = end - start - memberLength;
    const head = member - start;
    if (length > scratch.length) return hash("sha256", Buffer.concat([buffer.subarray(start, member), buffer.subarray(rest, end)]), "hex");
    // What stands before is short: a call would take longer. The words reach up to three bytes into what is then written behind.
    for (let index = 0; index < head; index += 4) words.setUint32(index, view.getUint32(start + index));
    buffer.copy(scratch, head, rest, end);
    return hash("sha256", (views[length] ??= scratch.subarray(0, length)), "hex");
  };
}

/** Compares 64 digits with those that stand at a place, without making a text of them. */
function createDigits(): { readonly standAt: (view: DataView, at: number, hex: string) => boolean } {
  const room = Buffer.alloc(64);
  const words = new DataView(room.buffer, room.byteOffset, room.length);
  return {
    standAt: (view, at, hex) => {
      room.write(hex, 0);
      for (let index = 0; index < 64; index += 4) if (words.getUint32(index) !== view.getUint32(at + index)) return false;
      return true;
    },
  };
}

/** True when so many bytes at both places are alike, a multiple of four. */
function isSame(view: DataView, one: number, other: number, length: number): boolean {
  for (let index = 0; index < length; index += 4) if (view.getUint32(one + index) !== view.getUint32(other + index)) return false;
  return true;
}

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
