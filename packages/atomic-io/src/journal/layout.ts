import { join } from "node:path";
import { AtomicIoError } from "../errors.ts";
import type { FileHandle, FileSystem } from "../file-system.ts";
import { errnoOf, failed } from "../internal/errno.ts";
import { readFully } from "../internal/write-fully.ts";
import { headerBytes, type SegmentHeader } from "./format.ts";
import { corrupt, readHeader } from "./read-segment.ts";
import { type ReadAt, readInWindows } from "./read-window.ts";

/** A segment on disk; its place in the order follows from its name. */
export interface Segment {
  readonly name: string;
  readonly path: string;
  readonly header: SegmentHeader;
}

/** Name of the file that says which epoch may write. */
export const currentName = "CURRENT";

/** What a segment is called: its epoch, then its first record. */
export const segmentPattern: RegExp = /^journal-(\d{10})-(\d{16})\.log$/;

/** What a file is called that becomes the next segment of an epoch. */
export const nextPattern: RegExp = /^next-(\d{10})$/;

/** Names the file that becomes the next segment of an epoch; readers pass over it. */
export function nextName(epoch: number): string {
  return `next-${String(epoch).padStart(10, "0")}`;
}

/** Names a segment, so that names sort as epochs and records do. */
export function segmentName(epoch: number, firstSeq: number): string {
  return `journal-${String(epoch).padStart(10, "0")}-${String(firstSeq).padStart(16, "0")}.log`;
}

/** The text of the CURRENT file. */
export function renderCurrent(epoch: number): string {
  return `${JSON.stringify({ format: "gov.journal", version: 1, epoch })}\n`;
}

/** Reads the epoch that may write, or null for a directory that holds no journal. */
export async function readCurrent(fs: FileSystem, directory: string): Promise<number | null> {
  const path = join(directory, currentName);
  const handle = await openOrNull(fs, path);
  if (handle === null) return null;
  const bytes = new Uint8Array(1024);
  let length: number;
  try {
    length = await reading(path, () => readFully(handle, bytes, 0));
  } finally {
    await handle.close().catch(() => undefined);
  }
  const text = Buffer.from(bytes.subarray(0, length)).toString("utf8");
  const epoch = Number(/^\{"format":"gov\.journal","version":1,"epoch":(\d{1,15})\}\n$/.exec(text)?.[1] ?? Number.NaN);
  if (Number.isSafeInteger(epoch)) return epoch;
  const version = Number(/"version":(\d+)/.exec(text)?.[1] ?? 1);
  if (version > 1)
    throw new AtomicIoError("ATOMIC_IO_JOURNAL_VERSION", `Cannot read the journal "${directory}": it has version ${version}`, {
      details: { path, version },
    });
  throw corrupt(path, 0, "it does not name an epoch");
}

/** Lists the segments of a journal in order, each with its header read and its name checked against it. */
export async function listSegments(fs: FileSystem, directory: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of await namesIn(fs, directory)) {
    const match = segmentPattern.exec(name);
    if (match === null) continue;
    const path = join(directory, name);
    const header = await headerOf(fs, path);
    if (header.epoch !== Number(match[1]) || header.firstSeq !== Number(match[2]))
      throw corrupt(path, 0, "its header and its name disagree");
    segments.push({ name, path, header });
  }
  return segments;
}

async function headerOf(fs: FileSystem, path: string): Promise<SegmentHeader> {
  const segment = await openSegment(fs, path, headerBytes);
  try {
    return await readHeader(segment.readAt, path);
  } finally {
    await segment.close();
  }
}

/** An open segment. */
export interface OpenSegment {
  readonly readAt: ReadAt;
  readonly close: () => Promise<void>;
}

/** Opens a segment for reading in windows of a megabyte, or of so many bytes. */
export async function openSegment(fs: FileSystem, path: string, windowBytes: number = 1024 * 1024): Promise<OpenSegment> {
  const handle = await openOrNull(fs, path);
  if (handle === null) {
    throw new AtomicIoError("ATOMIC_IO_READ_FAILED", `Cannot read the journal segment "${path}": it is gone`, {
      details: { path, errno: "ENOENT" },
      hint: "a writer may have rotated the journal meanwhile; read again",
    });
  }
  const { readAt, settled } = readInWindows(handle, windowBytes);
  return {
    readAt: (position, length, fresh) => reading(path, () => readAt(position, length, fresh)),
    close: async () => {
      await settled();
      // What was read has been read and is checked for itself.
      await handle.close().catch(() => undefined);
    },
  };
}

async function openOrNull(fs: FileSystem, path: string): Promise<FileHandle | null> {
  try {
    return await fs.open(path, "read");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot read "${path}"`, { path, step: "open", cause: error });
  }
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot read "${path}"`, { path, step: "read", cause: error });
  }
}

/** Names in the directory, none when it is missing. */
export async function namesIn(fs: FileSystem, directory: string): Promise<readonly string[]> {
  try {
    return await fs.readdir(directory);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot read the journal "${directory}"`, { path: directory, step: "readdir", cause: error });
  }
}
