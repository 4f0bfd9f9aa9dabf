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
import { claimEpoch } from "./claim.ts";
import type { JournalCommit } from "./format.ts";
import type { Journal, JournalRecovery } from "./journal.ts";
import { JournalWriter } from "./journal-writer.ts";
import { currentName, readCurrent, renderCurrent, type Segment } from "./layout.ts";
import { type SegmentPlace, startSegment } from "./next-segment.ts";
import { type OnCommit, type ScannedJournal, scanJournal } from "./scan-journal.ts";
import type { WriterStart } from "./writer-start.ts";

/** Options of {@link openJournal}. */
export interface OpenJournalOptions {
  /**
   * Must hold as well before an append is acknowledged, such as a `Lease` of `@gov/atomic-io/lock`: whoever loses it gets no acknowledgement any more, also
   * before the next holder has opened the journal. Appends then fail with the error of `confirm`, `ATOMIC_IO_LEASE_LOST`. @default none
   */
  readonly lease?: { readonly confirm: () => Promise<void> } | undefined;
  /**
   * In which steps, in bytes, a segment takes space before it is used, filled with zeros: as much again as it holds, at most 1 MiB. From the second step on one
   * more is kept in reserve, so that the journal can be rotated, and opened anew, on a full disk. 0 takes space only as it is used. @default 4096
   */
  readonly preallocateBytes?: number | undefined;
  /**
   * Hears of every commit that is kept from before, in order, while the journal is read through and checked, so that whoever needs all of it need not have it
   * read a second time. What it was told counts only once the journal is open: damage further on makes opening fail. Its own failure does too. @default nobody
   */
  readonly onCommit?: ((commit: JournalCommit) => void | Promise<void>) | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/**
 * Opens a journal for writing, creates it when the directory holds none, and recovers it when a crash left it in the middle of something.
 *
 * Fence, then seal (durability model, part 7.8): first a new epoch is claimed and noted durably in `CURRENT`, so that whoever holds the journal gets no
 * acknowledgement any more; only then is the journal read to its end, synced, and continued in a segment of its own, whose header says where it goes on. A
 * lock or a lease keeps honest writers from taking the journal from each other; without one, the last to open it wins and nothing acknowledged is lost.
 * A commit that a crash cut short is copied aside and cut off; damage anywhere else is an error, never skipped. What dead writers left in the directory is swept.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_JOURNAL_CORRUPT`, `ATOMIC_IO_JOURNAL_VERSION`, `ATOMIC_IO_JOURNAL_SUPERSEDED` when another holder is faster, the
 * error of the lease, and the codes of `replaceFile` and `createFileOnce`.
 * @example Write under a lease that passes on when its holder is paused or gone
 * ```ts
 * import assert from "node:assert/strict";
 * import { openJournal } from "@gov/atomic-io/journal";
 * import { acquireLease } from "@gov/atomic-io/lock";
 *
 * const lease = await acquireLease("changes.lease", { leaseMs: 5_000, timeoutMs: 60_000 });
 * const journal = await openJournal("changes", { lease });
 * assert.deepEqual(await journal.append([Buffer.from("put a")]), { firstSeq: 1, lastSeq: 1 });
 * // In this order: whoever takes the lease at once finds the journal closed.
 * await journal.close();
 * await lease.release();
 * ```
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
  const { fs = nodeFileSystem, random = nodeRandomBytes, lease, onCommit, preallocateBytes = 4096 } = options;
  if (!Number.isSafeInteger(preallocateBytes) || preallocateBytes < 0)
    throw new RangeError(`Cannot take space in steps of ${String(preallocateBytes)} bytes: it must be an integer of at least 0`);
  await ensureDirectory(directory, { fs });
  const place = { fs, random, directory: await realDirectory(fs, directory) };
  await lease?.confirm();
  // Segments without it are damage, which the new CURRENT would hide.
  const before = await readCurrent(fs, place.directory);
  if (before === null) await scanJournal(fs, place.directory, undefined);
  const claim = await claimEpoch(place, before ?? 0);
  try {
    await lease?.confirm();
    await replaceFile(join(place.directory, currentName), renderCurrent(claim.epoch), { fs, random });
    await claim.mustHold();
    await sweepTemporaries(place.directory, { fs });
    return new JournalWriter(await start({ ...place, claim, lease, preallocateBytes, onCommit }));
  } catch (error) {
    // Whatever failed: once another holder has taken over, that is why.
    await claim.mustHold().finally(claim.release);
    throw error;
  }
}

async function realDirectory(fs: FileSystem, directory: string): Promise<string> {
  try {
    return await fs.realpath(directory);
  } catch (error) {
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot open the journal "${directory}"`, { path: directory, step: "finding it", cause: error });
  }
}

type Opening = SegmentPlace & Pick<WriterStart, "lease"> & { readonly random: RandomBytes; readonly onCommit: OnCommit | undefined };

/** Seals what earlier holders wrote, and goes on in a segment of its own. */
async function start(place: Opening): Promise<WriterStart> {
  const { fs, directory, claim, lease, preallocateBytes, onCommit } = place;
  const found = await scanJournal(fs, directory, onCommit);
  await keepTail(place, found);
  const { segment, file } = await startSegment(place, { epoch: claim.epoch, firstSeq: found.lastSeq + 1, chain: found.chain }, null);
  try {
    // Only now: the new segment says where the one before ends, so that nothing that counts is ever cut off, however late this happens.
    const tail = await cutTail(place, found);
    const segments = await dropEmpty(fs, found.segments, segment);
    const { lastSeq, chain, firstSeq } = found;
    const recovered = { records: lastSeq - firstSeq + 1, segments: found.segments.length, ...tail };
    return { fs, directory, claim, lease, preallocateBytes, segments, file, lastSeq, chain, recovered };
  } catch (error) {
    await file.close();
    throw error;
  }
}

type Tail = Pick<JournalRecovery, "tornBytes" | "tornCopy">;

/** Makes the end of the last segment durable, since what was read may so far only stand in memory. */
async function keepTail(place: Opening, { segments, end }: ScannedJournal): Promise<void> {
  const last = segments.at(-1);
  if (last !== undefined && end !== null) await settling(place, last, (handle) => handle.sync());
}

/** Copies aside what a crash left half written, and cuts it off; where there is no room for the copy it stays, read by nobody. */
async function cutTail(place: Opening, { segments, end }: ScannedJournal): Promise<Tail> {
  const last = segments.at(-1);
  if (last === undefined || end === null || !end.torn) return { tornBytes: 0, tornCopy: null };
  return settling(place, last, async (handle) => {
    const tail = await copyAside(place, handle, { last, offset: end.offset });
    if (tail.tornCopy === null) return tail;
    await handle.truncate(end.offset);
    await handle.sync();
    return tail;
  });
}

async function settling<T>(place: Opening, segment: Segment, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  try {
    const handle = await place.fs.open(segment.path, "read-write");
    try {
      return await work(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isAtomicIoError(error)) throw error;
    throw failed("ATOMIC_IO_SYNC_FAILED", `Cannot recover the journal "${place.directory}"`, {
      path: segment.path,
      step: "settling its tail",
      cause: error,
    });
  }
}

async function copyAside(place: Opening, handle: FileHandle, tail: { readonly last: Segment; readonly offset: number }): Promise<Tail> {
  const { size } = await handle.stat();
  const bytes = new Uint8Array(size - tail.offset);
  const tornBytes = await readFully(handle, bytes, tail.offset);
  const tornCopy = join(place.directory, `torn-${tail.last.name}-${tail.offset}`);
  try {
    await createFileOnce(tornCopy, bytes.subarray(0, tornBytes), { fs: place.fs, random: place.random });
  } catch (error) {
    if (!isAtomicIoError(error)) throw error;
    // Without room for a copy the bytes stay where they are.
    if (error.details["errno"] === "ENOSPC" || error.details["errno"] === "EDQUOT") return { tornBytes, tornCopy: null };
    // A recovery that itself was cut short has made the copy already.
    if (error.code !== "ATOMIC_IO_TARGET_EXISTS") throw error;
  }
  return { tornBytes, tornCopy };
}

/**
 * Removes segments that never got a record. A crash may bring any of them back, but not once a later rotation has removed their successors: then a gap
 * would stand behind them, so the removal is made durable first.
 */
async function dropEmpty(fs: FileSystem, found: readonly Segment[], created: Segment): Promise<Segment[]> {
  const all = [...found, created];
  const kept = all.filter(({ header }, index) => all[index + 1]?.header.firstSeq !== header.firstSeq);
  if (kept.length === all.length) return kept;
  const directory = dirname(created.path);
  try {
    for (const segment of all) if (!kept.includes(segment)) await fs.unlink(segment.path);
    await syncDirectory(directory, { fs });
  } catch (error) {
    throw failed("ATOMIC_IO_WRITE_FAILED", `Cannot open the journal "${directory}"`, {
      path: directory,
      step: "removing segments without records",
      cause: error,
    });
  }
  return kept;
}
