import type { FileSystem } from "../file-system.ts";
import { emptyChain, type Frame, type JournalCommit } from "./format.ts";
import { listSegments, openSegment, readCurrent, type Segment } from "./layout.ts";
import { corrupt, framesOf, type SegmentEnd } from "./read-segment.ts";

/** One record of a journal. */
export interface JournalRecord {
  /** Position in the journal, from 1 on, without gaps. */
  readonly seq: number;
  readonly data: Uint8Array;
}

/** A journal that has been read through and found whole. */
export interface ScannedJournal {
  /** Epoch that may write, 0 before there is one. */
  readonly epoch: number;
  readonly segments: readonly Segment[];
  /** Sequence number of the oldest record kept; one more than `lastSeq` when none is. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly chain: Uint8Array;
  /** How the last segment ends, or null without segments. */
  readonly end: SegmentEnd | null;
}

/** Hears every commit of a journal while it is read through. */
export type OnCommit = (commit: JournalCommit) => void | Promise<void>;

/** Reads every frame of a journal and checks it: checksums, order, chain, and that no segment is missing between two. */
export async function scanJournal(fs: FileSystem, directory: string, onCommit: OnCommit | undefined): Promise<ScannedJournal> {
  // In this order: beside a writer that opens the journal meanwhile, the epoch read is never older than the segments listed.
  const segments = await listSegments(fs, directory);
  const epoch = await readCurrent(fs, directory);
  const first = segments[0];
  if (first === undefined) return { epoch: epoch ?? 0, segments, firstSeq: 1, lastSeq: 0, chain: emptyChain, end: null };
  if (epoch === null) throw corrupt(directory, 0, "its CURRENT file is missing");
  let end: SegmentEnd | null = null;
  for (const [index, segment] of segments.entries()) {
    if (end !== null && !Buffer.from(segment.header.chain).equals(end.chain)) {
      throw corrupt(segment.path, 0, "it does not follow on the segment before");
    }
    end = await drain(readSegmentFrames(fs, { segment, next: segments[index + 1], windowBytes: scanBytes }), onCommit);
  }
  const lastSeq = (end as SegmentEnd).nextSeq - 1;
  // A holder that was paused while opening may have set CURRENT back; its segments say who wrote last.
  const highest = segments.reduce((most, segment) => Math.max(most, segment.header.epoch), epoch);
  return { epoch: highest, segments, firstSeq: first.header.firstSeq, lastSeq, chain: (end as SegmentEnd).chain, end };
}

/** Yields the records from `fromSeq` up to `toSeq`, both included. */
export async function* recordsOf(
  fs: FileSystem,
  segments: readonly Segment[],
  range: { readonly fromSeq: number; readonly toSeq: number },
): AsyncGenerator<JournalRecord, void, undefined> {
  mustBeSeq(range.fromSeq);
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next !== undefined && next.header.firstSeq <= range.fromSeq) continue;
    if (segment.header.firstSeq > range.toSeq) return;
    for await (const frame of readSegmentFrames(fs, { segment, next, windowBytes: undefined })) {
      yield* recordsIn(frame, range);
      if (frame.firstSeq + frame.count > range.toSeq) return;
    }
  }
}

/** Refuses what is no sequence number: with some of it nothing would be read, as if nothing were there, or all be dropped. */
export function mustBeSeq(seq: number): void {
  if (!Number.isSafeInteger(seq)) throw new RangeError(`Cannot begin at record ${String(seq)}: it must be a whole number`);
}

/** Yields the records of a commit that lie between two sequence numbers, both included. */
export function* recordsIn(
  { firstSeq, count, bytes, spans }: JournalCommit,
  range: { readonly fromSeq: number; readonly toSeq: number },
): Generator<JournalRecord, void, undefined> {
  const last = Math.min(count - 1, range.toSeq - firstSeq);
  for (let at = Math.max(0, range.fromSeq - firstSeq); at <= last; at++)
    yield { seq: firstSeq + at, data: bytes.subarray(spans[at * 2], spans[at * 2 + 1]) };
}

// Whoever hears of commits can turn those that stand in one window into one text, which V8 keeps outside of its heap from a megabyte on.
const scanBytes = 2 * 1024 * 1024;

async function* readSegmentFrames(
  fs: FileSystem,
  from: { readonly segment: Segment; readonly next: Segment | undefined; readonly windowBytes: number | undefined },
): AsyncGenerator<Frame, SegmentEnd> {
  const { segment, next, windowBytes } = from;
  const opened = await openSegment(fs, segment.path, windowBytes);
  try {
    return yield* framesOf(opened.readAt, { path: segment.path, header: segment.header, untilSeq: next?.header.firstSeq ?? null });
  } finally {
    await opened.close();
  }
}

async function drain(frames: AsyncGenerator<Frame, SegmentEnd>, onCommit: OnCommit | undefined): Promise<SegmentEnd> {
  for (;;) {
    const step = await frames.next();
    if (step.done === true) return step.value;
    try {
      await onCommit?.(step.value);
    } catch (error) {
      // Nobody reads on, so that the open segment has to be let go here.
      await frames.return(undefined as never);
      throw error;
    }
  }
}
