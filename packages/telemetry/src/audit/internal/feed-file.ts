import type { FileHandle, FileSystem } from "@gov/atomic-io";
import { listAuditArchives } from "../list-audit-archives.ts";
import { type LogPass, maxLineBytes } from "./scan-log.ts";

const chunkSize = 262_144;
const lineFeed = 10;

/** Where a log and its archives are. */
export interface LogFiles {
  readonly fs: FileSystem;
  /** Undefined where none are kept. */
  readonly archiveDirectory: string | undefined;
}

/**
 * Feeds a log to a pass, behind its archives, a part at a time, the next one being read while the last is looked at; a file that is not there is an empty one.
 * Returns the length of the log's own file.
 */
export async function feedLog(path: string, { fs, archiveDirectory, pass }: LogFiles & { readonly pass: LogPass }): Promise<number> {
  // Opened before its archives are listed: what leaves the log meanwhile is read twice, never missed.
  const handle = await openIfThere(path, fs);
  try {
    if (archiveDirectory !== undefined) {
      for (const archive of await listAuditArchives(path, archiveDirectory, { fs })) {
        pass.next(archive);
        await feedArchive(archive, { fs, pass });
      }
      pass.next(path);
    }
    return handle === null ? 0 : await feedAll(handle, pass);
  } finally {
    await handle?.close();
  }
}

async function feedArchive(path: string, { fs, pass }: { readonly fs: FileSystem; readonly pass: LogPass }): Promise<void> {
  const handle = await openIfThere(path, fs);
  try {
    if (handle !== null) await feedAll(handle, pass);
  } finally {
    await handle?.close();
  }
}

async function openIfThere(path: string, fs: FileSystem): Promise<FileHandle | null> {
  try {
    return await fs.open(path, "read");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return null;
    throw error;
  }
}

async function feedAll(handle: FileHandle, pass: LogPass): Promise<number> {
  // What is written behind the end that was found is not of the log that was asked about.
  const { size } = await handle.stat();
  let rooms: readonly [Buffer, Buffer] = [Buffer.allocUnsafe(chunkSize), Buffer.allocUnsafe(chunkSize)];
  let kept = 0;
  // Bytes let go of a line that is too long for an entry.
  let skipped = 0;
  let position = 0;
  let got = await readAt(handle, { room: rooms[0], from: 0, position, size });
  while (got > 0) {
    position += got;
    const [room, other] = rooms;
    const filled = kept + got;
    const end = room.lastIndexOf(lineFeed, filled - 1) + 1;
    kept = filled - end;
    let start = 0;
    if (skipped > 0 && end > 0) {
      start = room.indexOf(lineFeed) + 1;
      pass.skip(skipped + start);
      skipped = 0;
    }
    if (skipped > 0 || kept > maxLineBytes) [skipped, kept] = [skipped + kept, 0];
    // A line longer than the room takes a larger one.
    const next = kept > other.length / 2 ? Buffer.allocUnsafe(kept * 4) : other;
    room.copy(next, 0, end, end + kept);
    const reading = readAt(handle, { room: next, from: kept, position, size });
    try {
      if (end > start) pass.feed(room.subarray(start, end));
    } finally {
      got = await reading;
    }
    rooms = [next, room];
  }
  const [rest] = rooms;
  if (skipped > 0) pass.skip(skipped);
  if (kept > 0) pass.feed(rest.subarray(0, kept));
  return position;
}

function readAt(
  handle: FileHandle,
  { room, from, position, size }: { readonly room: Buffer; readonly from: number; readonly position: number; readonly size: number },
): Promise<number> {
  const length = Math.min(room.length - from, size - position);
  return length === 0 ? Promise.resolve(0) : handle.read(room.subarray(from, from + length), position);
}
