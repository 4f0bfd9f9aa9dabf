import { AtomicIoError } from "../errors.ts";
import {
  decodeFrame,
  decodeHeader,
  type Frame,
  followsOn,
  frameHeaderBytes,
  frameLength,
  headerBytes,
  journalVersion,
  type SegmentHeader,
} from "./format.ts";
import type { ReadAt } from "./read-window.ts";

/** How the frames of a segment end: with its last byte or zeros, or with bytes that a crash left half written. */
export interface SegmentEnd {
  /** Position after the last whole frame. */
  readonly offset: number;
  readonly nextSeq: number;
  readonly chain: Uint8Array;
  /** True when what follows is neither a frame nor zeros. */
  readonly torn: boolean;
}

/** Reads the header of a segment. */
export async function readHeader(readAt: ReadAt, path: string): Promise<SegmentHeader> {
  const header = decodeHeader(await readAt(0, headerBytes));
  if (header === null) throw corrupt(path, 0, "its header is damaged");
  if ("version" in header) {
    throw new AtomicIoError(
      "ATOMIC_IO_JOURNAL_VERSION",
      `Cannot read the journal segment "${path}": it has version ${header.version}, this package reads ${journalVersion}`,
      {
        details: { path, version: header.version, supported: journalVersion },
        hint: "update @gov/atomic-io",
      },
    );
  }
  return header;
}

/**
 * Yields the frames of a segment in order and returns how they end. `untilSeq` is the first record of the next segment: what stands behind the records before
 * it was written by a holder that had been superseded, and is ignored.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_JOURNAL_CORRUPT` when a frame is damaged that had been committed, or does not follow on the one before.
 */
export async function* framesOf(
  readAt: ReadAt,
  segment: { readonly path: string; readonly header: SegmentHeader; readonly untilSeq: number | null },
): AsyncGenerator<Frame, SegmentEnd> {
  const { path, header, untilSeq } = segment;
  let { firstSeq: nextSeq, chain } = header;
  let offset = headerBytes;
  for (;;) {
    if (untilSeq !== null && nextSeq >= untilSeq) {
      if (nextSeq > untilSeq) throw corrupt(path, offset, "a commit reaches over the start of the next segment");
      return { offset, nextSeq, chain, torn: false };
    }
    let bytes = await frameAt(readAt, offset);
    let frame = bytes === null ? null : decodeFrame(bytes, offset);
    if (bytes === null || frame === null) {
      const tail = await tailFrom(readAt, offset);
      // A writer may have been in the middle of it: what it has committed since is whole when it is read again.
      bytes = await frameAt(readAt, offset, "fresh");
      frame = bytes === null ? null : decodeFrame(bytes, offset);
      if (bytes === null || frame === null) {
        if (untilSeq !== null) throw corrupt(path, offset, `records ${nextSeq} to ${untilSeq - 1} are missing`);
        if (tail === "frame behind") throw corrupt(path, offset, "a committed frame is damaged");
        return { offset, nextSeq, chain, torn: tail === "torn" };
      }
    }
    if (frame.firstSeq !== nextSeq) throw corrupt(path, offset, `record ${frame.firstSeq} follows, ${nextSeq} was expected`);
    if (!followsOn(frame, bytes, chain)) throw corrupt(path, offset, "its chain value does not follow on the commit before");
    yield frame;
    chain = frame.chain;
    nextSeq += frame.count;
    offset = frame.end;
  }
}

/** The error for damage that no crash explains. */
export function corrupt(path: string, offset: number, what: string): AtomicIoError {
  return new AtomicIoError("ATOMIC_IO_JOURNAL_CORRUPT", `Cannot read the journal segment "${path}": at byte ${offset}, ${what}`, {
    details: { path, offset },
    hint: "restore the journal from a backup, or rebuild what it records and start a new one",
  });
}

async function frameAt(readAt: ReadAt, offset: number, fresh?: "fresh"): Promise<Uint8Array | null> {
  const length = frameLength(await readAt(offset, frameHeaderBytes, fresh), offset);
  if (length === null) return null;
  const bytes = await readAt(offset, length, fresh);
  return bytes.byteLength === length ? bytes : null;
}

/**
 * Tells a clean end and a torn tail from corruption. A frame is written only after everything before it was synced, so a whole frame anywhere behind the damage
 * proves that the damaged one had been committed (durability model, part 7.9).
 */
async function tailFrom(readAt: ReadAt, offset: number): Promise<"clean" | "torn" | "frame behind"> {
  let clean = true;
  for (let position = offset; ; position += zeros.byteLength) {
    const block = await readAt(position, zeros.byteLength);
    clean &&= zeros.compare(block, 0, block.byteLength, 0, block.byteLength) === 0;
    for (let inner = 0; !clean && inner < block.byteLength; inner += 8) {
      const at = position + inner;
      if (at === offset) continue;
      const bytes = await frameAt(readAt, at);
      if (bytes !== null && decodeFrame(bytes, at) !== null) return "frame behind";
    }
    if (block.byteLength < zeros.byteLength) return clean ? "clean" : "torn";
  }
}

const zeros = Buffer.alloc(65_536);
