import { join } from "node:path";
import { ensureDirectory } from "../ensure-directory.ts";
import type { FileSystem } from "../file-system.ts";
import { errnoOf, failed } from "../internal/errno.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { syncDirectory } from "../sync-directory.ts";
import { namesIn, openSegment, type Segment } from "./layout.ts";
import { corrupt, framesOf, readHeader } from "./read-segment.ts";
import { type JournalRecord, mustBeSeq, recordsIn } from "./scan-journal.ts";

const pattern = /^archived-(\d{16})-(\d{16})-(\d{10})\.log$/;

/** Gives a segment that a journal no longer needs a second name, durably, under which the records it holds can be told; done again it changes nothing. */
export async function archiveSegment(
  fs: FileSystem,
  directory: string,
  sealed: { readonly segment: Segment; readonly lastSeq: number },
): Promise<void> {
  const { segment, lastSeq } = sealed;
  const { firstSeq, epoch } = segment.header;
  const digits = (number: number, length: number): string => String(number).padStart(length, "0");
  const path = join(directory, `archived-${digits(firstSeq, 16)}-${digits(lastSeq, 16)}-${digits(epoch, 10)}.log`);
  await ensureDirectory(directory, { fs });
  try {
    await fs.link(segment.path, path);
  } catch (error) {
    const errno = errnoOf(error);
    // As a rotation that was cut short has left it; never what another journal has put there, for which this one's segment would be removed.
    if (errno !== "EEXIST" || !(await isSameFile(fs, segment.path, path))) {
      const hint = errno === undefined ? undefined : hints[errno];
      throw failed("ATOMIC_IO_CREATE_FAILED", `Cannot archive "${segment.path}"`, { path, step: "link", cause: error, hint });
    }
  }
  await syncDirectory(directory, { fs });
}

const hints: Readonly<Record<string, string>> = {
  EXDEV: "keep the archive on the file system of the journal",
  EEXIST: "give each journal an archive of its own",
};

async function isSameFile(fs: FileSystem, path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([fs.stat(path), fs.lstat(other)]);
  return one.inode === two.inode && one.device === two.device;
}

/** Options of {@link readArchive}. */
export interface ReadArchiveOptions {
  /** @default the oldest */
  readonly fromSeq?: number | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/**
 * Yields the records of an archive that `rotate` has filled, oldest first, reading each segment once and in windows: memory does not grow with the archive
 * (AIO-11). Every record is checked before it is given, as is that none is missing between two segments; what was removed before the first is not missed.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_JOURNAL_CORRUPT`, `ATOMIC_IO_JOURNAL_VERSION`, `ATOMIC_IO_READ_FAILED`.
 * @example Read what the journal no longer holds
 * ```ts
 * import assert from "node:assert/strict";
 * import { openJournal, readArchive } from "@gov/atomic-io/journal";
 *
 * const journal = await openJournal("changes");
 * await journal.append([Buffer.from("put a"), Buffer.from("put b")]);
 * await journal.rotate(3, { archive: "archive" });
 * await journal.close();
 * const texts = [];
 * for await (const { data } of readArchive("archive")) texts.push(Buffer.from(data).toString());
 * assert.deepEqual(texts, ["put a", "put b"]);
 * ```
 */
export async function* readArchive(directory: string, options: ReadArchiveOptions = {}): AsyncGenerator<JournalRecord, void, undefined> {
  const { fs = nodeFileSystem, fromSeq = 1 } = options;
  mustBeSeq(fromSeq);
  let before: { readonly lastSeq: number; readonly chain: Uint8Array } | null = null;
  for (const name of await namesIn(fs, directory)) {
    const [, first, last] = pattern.exec(name) ?? [];
    if (first === undefined || last === undefined || Number(last) < fromSeq) continue;
    const path = join(directory, name);
    const lastSeq = Number(last);
    if (before !== null && before.lastSeq >= lastSeq) throw corrupt(path, 0, "two segments hold the same records");
    const opened = await openSegment(fs, path);
    try {
      const header = await readHeader(opened.readAt, path);
      if (before !== null && header.firstSeq > before.lastSeq + 1)
        throw corrupt(path, 0, `records ${before.lastSeq + 1} to ${header.firstSeq - 1} are missing before it`);
      const follows = before === null || (before.lastSeq + 1 === header.firstSeq && Buffer.from(before.chain).equals(header.chain));
      if (header.firstSeq !== Number(first) || !follows) throw corrupt(path, 0, "it does not follow on the segment before");
      const frames = framesOf(opened.readAt, { path, header, untilSeq: lastSeq + 1 });
      let step = await frames.next();
      for (; step.done !== true; step = await frames.next()) yield* recordsIn(step.value, { fromSeq, toSeq: lastSeq });
      before = { lastSeq, chain: step.value.chain };
    } finally {
      await opened.close();
    }
  }
}
