import { createHash, hash } from "node:crypto";
import { isUint8Array } from "node:util/types";
import { crc32 } from "node:zlib";

/** Version of the format this package writes; docs/formats/journal-v1.md describes it byte by byte. */
export const journalVersion = 1;

/** Length of a segment's header. */
export const headerBytes = 72;

/** Length of a frame's header. */
export const frameHeaderBytes = 64;

/** Chain value before the first record of a journal. */
export const emptyChain: Uint8Array = new Uint8Array(32);

/** The most bytes one append may hold. */
export const maxBatchBytes: number = 256 * 1024 * 1024;

// The part of a frame's header that its checksum and its chain value cover.
const fieldBytes = 28;

const segmentMagic = Buffer.from("GOVJRNL\n", "latin1");
const frameMagic = 0x52465647; // "GVFR", little-endian

/** What a segment's header says. */
export interface SegmentHeader {
  readonly epoch: number;
  /** Sequence number of the first record that may stand in it. */
  readonly firstSeq: number;
  /** Chain value of the record before it. */
  readonly chain: Uint8Array;
}

/** One commit of a journal: all of its records or none. */
export interface JournalCommit {
  /** Position of its first record in the journal. */
  readonly firstSeq: number;
  readonly count: number;
  /** The memory in which its records stand, one after the other with a few bytes in between; it may be kept. */
  readonly bytes: Uint8Array;
  /** Where they stand in it: the first from `spans[0]` up to `spans[1]`, the next from `spans[2]` up to `spans[3]`, and so on. */
  readonly spans: Uint32Array;
}

/** A commit as it stands in a segment. */
export interface Frame extends JournalCommit {
  /** Position in the segment; a frame is written only after everything before it has been synced. */
  readonly offset: number;
  /** SHA-256 over the chain value before it, its header and its payload. */
  readonly chain: Uint8Array;
  /** Position after it. */
  readonly end: number;
}

/** Returns the header of a segment. */
export function encodeHeader(header: SegmentHeader): Uint8Array {
  const bytes = Buffer.alloc(headerBytes);
  segmentMagic.copy(bytes, 0);
  bytes.writeUInt32LE(journalVersion, 8);
  bytes.writeUInt32LE(headerBytes, 12);
  bytes.writeBigUInt64LE(BigInt(header.epoch), 16);
  bytes.writeBigUInt64LE(BigInt(header.firstSeq), 24);
  bytes.set(header.chain, 32);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 64)), 64);
  return bytes;
}

/** Reads a segment's header; `version` is set when only that is not ours, null means damage. */
export function decodeHeader(given: Uint8Array): SegmentHeader | { readonly version: number } | null {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (bytes.byteLength < headerBytes || !bytes.subarray(0, 8).equals(segmentMagic)) return null;
  const version = bytes.readUInt32LE(8);
  if (version !== journalVersion) return { version };
  if (bytes.readUInt32LE(12) !== headerBytes || bytes.readUInt32LE(68) !== 0) return null;
  if (bytes.readUInt32LE(64) !== crc32(bytes.subarray(0, 64))) return null;
  return {
    epoch: Number(bytes.readBigUInt64LE(16)),
    firstSeq: Number(bytes.readBigUInt64LE(24)),
    chain: Uint8Array.from(bytes.subarray(32, 64)),
  };
}

/** How many bytes of a frame's payload records take: each with its length before it. */
export function payloadBytes(records: readonly Uint8Array[]): number {
  let length = 4 * records.length;
  for (let index = 0; index < records.length; index++) {
    const record = records[index];
    // Of an ArrayBuffer nothing would be copied, of a Uint16Array every second byte.
    if (!isUint8Array(record)) throw new TypeError("Cannot append what is no Uint8Array");
    length += record.byteLength;
  }
  return length;
}

/** The memory of a frame that is being put together, with a view of it for its numbers. */
export interface FrameMemory {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Takes memory for a frame. */
export function frameMemory(length: number): FrameMemory {
  const bytes = Buffer.allocUnsafeSlow(length);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, length) };
}

/** Writes records as a part of a frame's payload and returns where they end. */
export function encodeRecords({ bytes, view }: FrameMemory, at: number, records: readonly Uint8Array[]): number {
  let end = at;
  for (let index = 0; index < records.length; index++) {
    const record = records[index] as Uint8Array;
    view.setUint32(end, record.byteLength, true);
    bytes.set(record, end + 4);
    end += 4 + record.byteLength;
  }
  return end;
}

/**
 * Completes a frame in the memory in which its payload already stands, from {@link frameHeaderBytes} up to `end`; there must be room for 8 bytes more. Returns the
 * frame's bytes, a multiple of 8, and its chain value.
 */
export function sealFrame(
  { bytes: memory, view }: FrameMemory,
  end: number,
  frame: { readonly offset: number; readonly firstSeq: number; readonly count: number; readonly chain: Uint8Array },
): { readonly bytes: Uint8Array; readonly chain: Uint8Array } {
  const bytes = memory.subarray(0, frameHeaderBytes + padded(end - frameHeaderBytes));
  bytes.fill(0, end);
  // What the chain is taken over stands in one piece for a moment, right before the payload, where the rest of the header then goes: no copy of the payload.
  const fields = frameHeaderBytes - fieldBytes;
  view.setUint32(fields, frameMagic, true);
  view.setUint32(fields + 4, end - frameHeaderBytes, true);
  setUint64(view, fields + 8, frame.offset);
  setUint64(view, fields + 16, frame.firstSeq);
  view.setUint32(fields + 24, frame.count, true);
  bytes.set(frame.chain, fields - frame.chain.byteLength);
  // As text and not as bytes of their own, which take as long to allocate as a small frame to hash.
  const chain = Buffer.from(hash("sha256", bytes.subarray(fields - frame.chain.byteLength, end), "binary"), "latin1");
  bytes.copyWithin(0, fields, frameHeaderBytes);
  bytes.set(chain, 32);
  view.setUint32(28, checksum(bytes), true);
  return { bytes, chain };
}

/** A number of up to 2^53, without the way through a bigint. */
function setUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 0x1_0000_0000, true);
  view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}

/** Length of the whole frame whose header is given, or null when the header cannot be one at this position. */
export function frameLength(header: Uint8Array, offset: number): number | null {
  const view = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  if (view.byteLength < frameHeaderBytes || view.readUInt32LE(0) !== frameMagic || view.readBigUInt64LE(8) !== BigInt(offset)) return null;
  return frameHeaderBytes + padded(view.readUInt32LE(4));
}

/** Reads a whole frame; null when a byte of it is not what was written. */
export function decodeFrame(given: Uint8Array, offset: number): Frame | null {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (frameLength(bytes, offset) !== bytes.byteLength || bytes.readUInt32LE(28) !== checksum(bytes)) return null;
  const payload = bytes.subarray(frameHeaderBytes, frameHeaderBytes + bytes.readUInt32LE(4));
  const count = bytes.readUInt32LE(24);
  const spans = spansOf(payload, count);
  if (spans === null) return null;
  return {
    offset,
    firstSeq: Number(bytes.readBigUInt64LE(16)),
    count,
    bytes: payload,
    spans,
    chain: Uint8Array.from(bytes.subarray(32, 64)),
    end: offset + bytes.byteLength,
  };
}

/** Where so many records stand in a payload; null when they do not fill it. */
function spansOf(payload: Buffer, count: number): Uint32Array | null {
  const { byteLength } = payload;
  // Every record takes four bytes at least: no count that a damaged frame claims makes it allocate more than the frame holds.
  if (count === 0 || count * 4 > byteLength) return null;
  const spans = new Uint32Array(count * 2);
  let at = 0;
  for (let place = 0; place < spans.length; place += 2) {
    if (at + 4 > byteLength) return null;
    const end = at + 4 + payload.readUInt32LE(at);
    if (end > byteLength) return null;
    spans[place] = at + 4;
    spans[place + 1] = end;
    at = end;
  }
  return at === byteLength ? spans : null;
}

/** True when a frame follows on the given chain value: nothing before it was changed, left out or put in. */
export function followsOn(frame: Frame, given: Uint8Array, before: Uint8Array): boolean {
  const payload = given.subarray(frameHeaderBytes, frameHeaderBytes + Buffer.from(given.buffer, given.byteOffset).readUInt32LE(4));
  return Buffer.from(frame.chain).equals(chainOf(before, given.subarray(0, fieldBytes), payload));
}

function chainOf(before: Uint8Array, fields: Uint8Array, payload: Uint8Array): Buffer {
  return createHash("sha256").update(before).update(fields).update(payload).digest();
}

function checksum(frame: Buffer): number {
  return crc32(frame.subarray(32), crc32(frame.subarray(0, fieldBytes)));
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}
