import { dirname, join } from "node:path";
import { createFileOnce } from "../create-file-once.ts";
import { ensureDirectory } from "../ensure-directory.ts";
import { isAtomicIoError } from "../errors.ts";
import type { FileHandle, FileSystem } from "../file-system.ts";
import { failed } from "../internal/errno.ts";
import { readFully } from "../internal/write-fully.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { nodeRandomBytes } from "../node-random.ts";
import { replaceFile } from "../replace-file.ts";
import { sweepTemporaries } from "../sweep-temporaries.ts";
import { syncDirectory } from "../sync-directory.ts";
import type { RandomBytes } from "../temp-name.ts";
import type { Journal } from "./journal.ts";
import { createSegment } from "./create-segment.ts";
import { JournalWriter } from "./journal-writer.ts";
import { currentName, readCurrent, renderCurrent, type Segment } from "./layout.ts";
import { type ScannedJournal, scanJournal } from "./scan-journal.ts";

/** Options of {@link openJournal}. */
export interface OpenJournalOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/**
 * Opens a journal for writing, creates it when the directory holds none, and recovers it when a crash left it in the middle of something.
 *
 * Fence, then seal (durability model, part 7.8): first a new epoch is written durably to `CURRENT`, so that whoever holds the journal gets no
 * acknowledgement any more; only then is the journal read to its end, synced, and continued in a segment of its own, whose header says where it goes on. A
 * lock beside it keeps honest writers from taking the journal from each other; without one, the last to open it wins and nothing acknowledged is lost.
 * A commit that a crash cut short is copied aside and cut off; damage anywhere else is an error, never skipped. What dead writers left in the directory is swept.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_JOURNAL_CORRUPT`, `ATOMIC_IO_JOURNAL_VERSION`, and the codes of `replaceFile` and `createFileOnce`.
 * @example Append and read again
 * ```ts
 * import assert from "node:assert/strict";
 * import { openJournal } from "@gov/atomic-io/journal";
 *
 * const journal = await openJournal("changes");
 * const { lastSeq } = await journal.append([Buffer.from("put a"), Buffer.from("put b")]);
 * await journal.close();
 *
 * const again = await openJournal("changes");
 * const texts = [];
 * for await (const record of again.read()) texts.push(Buffer.from(record.data).toString());
 * await again.close();
 * assert.equal(lastSeq, 2);
 * assert.deepEqual(texts, ["put a", "put b"]);
 * ```
 */
export async function openJournal(directory: string, options: OpenJournalOptions = {}): Promise<Journal> {
  const { fs = nodeFileSystem, random = nodeRandomBytes } = options;
  await ensureDirectory(directory, { fs });
  const place = { fs, random, directory: await fs.realpath(directory) };
  const before = await readCurrent(fs, place.directory);
  // Segments without it are damage, which the new CURRENT would hide.
  if (before === null) await scanJournal(fs, place.directory);
  const epoch = (before ?? 0) + 1;
  const current = await fence(place, epoch);
  try {
    await sweepTemporaries(place.directory, { fs });
    const found = await scanJournal(fs, place.directory);
    const torn = await settleTail(place, found);
    const segment = await createSegment(place, { epoch, firstSeq: found.lastSeq + 1, chain: found.chain });
    const kept = await dropEmpty(fs, found.segments, segment);
    const { lastSeq, chain, firstSeq } = found;
    const recovered = { records: lastSeq - firstSeq + 1, segments: found.segments.length, ...torn };
    return await JournalWriter.open({ ...place, epoch, current, segments: kept, lastSeq, chain, recovered });
  } catch (error) {
    await current.close();
    throw error;
  }
}

interface JournalPlace {
  readonly fs: FileSystem;
  readonly random: RandomBytes;
  readonly directory: string;
}

async function fence(place: JournalPlace, epoch: number): Promise<FileHandle> {
  const { fs, random, directory } = place;
  const path = join(directory, currentName);
  await replaceFile(path, renderCurrent(epoch), { fs, random });
  return fs.open(path, "read");
}

/** Makes the last segment end where its last whole frame ends, durably, since what was read may so far only stand in memory. */
async function settleTail(
  place: JournalPlace,
  found: ScannedJournal,
): Promise<{ readonly tornBytes: number; readonly tornCopy: string | null }> {
  const last = found.segments.at(-1);
  if (last === undefined || found.end === null) return { tornBytes: 0, tornCopy: null };
  const { offset, torn } = found.end;
  const handle = await place.fs.open(last.path, "read-write");
  try {
    const tail = torn ? await copyAside(place, handle, { last, offset }) : { tornBytes: 0, tornCopy: null };
    if (torn) await handle.truncate(offset);
    await handle.sync();
    return tail;
  } catch (error) {
    if (isAtomicIoError(error)) throw error;
    throw failed("ATOMIC_IO_SYNC_FAILED", `Cannot recover the journal "${place.directory}"`, {
      path: last.path,
      step: "settling its tail",
      cause: error,
    });
  } finally {
    await handle.close();
  }
}

async function copyAside(
  place: JournalPlace,
  handle: FileHandle,
  tail: { readonly last: Segment; readonly offset: number },
): Promise<{ readonly tornBytes: number; readonly tornCopy: string }> {
  const { size } = await handle.stat();
  const bytes = new Uint8Array(size - tail.offset);
  await readFully(handle, bytes, tail.offset);
  const tornCopy = join(place.directory, `torn-${tail.last.name}-${tail.offset}`);
  try {
    await createFileOnce(tornCopy, bytes, { fs: place.fs, random: place.random });
  } catch (error) {
    // A recovery that itself was cut short has made the copy already.
    if (!isAtomicIoError(error) || error.code !== "ATOMIC_IO_TARGET_EXISTS") throw error;
  }
  return { tornBytes: bytes.byteLength, tornCopy };
}

/**
 * Removes segments that never got a record. A crash may bring any of them back, but not once a later rotation has removed their successors: then a gap
 * would stand behind them, so the removal is made durable first.
 */
async function dropEmpty(fs: FileSystem, found: readonly Segment[], created: Segment): Promise<Segment[]> {
  const all = [...found, created];
  const kept: Segment[] = [];
  for (const [index, segment] of all.entries()) {
    const next = all[index + 1];
    if (next !== undefined && next.header.firstSeq === segment.header.firstSeq) await fs.unlink(segment.path);
    else kept.push(segment);
  }
  if (kept.length < all.length) await syncDirectory(dirname(created.path), { fs });
  return kept;
}
