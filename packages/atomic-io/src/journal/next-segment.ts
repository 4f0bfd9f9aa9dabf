import { join } from "node:path";
import type { AtomicIoErrorCode } from "../errors.ts";
import type { FileHandle, FileSystem } from "../file-system.ts";
import { errnoOf, failed } from "../internal/errno.ts";
import { writeFully } from "../internal/write-fully.ts";
import { syncDirectory } from "../sync-directory.ts";
import { type Claim, superseded } from "./claim.ts";
import { encodeHeader, headerBytes } from "./format.ts";
import { nextName, type Segment, segmentName } from "./layout.ts";
import { SegmentFile } from "./segment-file.ts";

/** What starting a segment works with. */
export interface SegmentPlace {
  readonly fs: FileSystem;
  readonly directory: string;
  readonly claim: Claim;
  /** In which steps a segment takes space, filled with zeros before there is anything to put there. */
  readonly preallocateBytes: number;
}

/** A file for the next segment, without a header and without a name of its own; its space is taken already. */
export interface Reserve {
  readonly handle: FileHandle;
  readonly bytes: number;
}

/** Takes the space of the next segment, so that the journal can be rotated on a full disk; null where there is none, or none is wanted. */
export async function reserveNext(place: SegmentPlace): Promise<Reserve | null> {
  const { fs, directory, claim, preallocateBytes } = place;
  if (preallocateBytes === 0) return null;
  const path = join(directory, nextName(claim.epoch));
  let handle: FileHandle | undefined;
  try {
    handle = await fs.open(path, "create");
    // Not synced: the space is taken at once, and after a power cut it is taken anew.
    await writeFully(handle, new Uint8Array(preallocateBytes), 0);
    return { handle, bytes: preallocateBytes };
  } catch {
    await handle?.close().catch(() => undefined);
    if (handle !== undefined) await fs.unlink(path).catch(() => undefined);
    return null;
  }
}

/**
 * Starts a segment. Its header is durable before it has a name, so a segment with a damaged header was never a crash; and it gets its name only while the
 * claim holds: whoever takes over removes the file without a name before reading, so no segment appears behind its back.
 */
export async function startSegment(
  place: SegmentPlace,
  header: Segment["header"],
  reserve: Reserve | null,
): Promise<{ readonly segment: Segment; readonly file: SegmentFile }> {
  const { fs, directory, claim, preallocateBytes } = place;
  const name = segmentName(header.epoch, header.firstSeq);
  const path = join(directory, name);
  const from = join(directory, nextName(claim.epoch));
  const doing = async <T>(code: AtomicIoErrorCode, step: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw failed(code, `Cannot start a segment of the journal "${directory}"`, { path, step, cause: error });
    }
  };
  const handle = reserve?.handle ?? (await doing("ATOMIC_IO_CREATE_FAILED", "open", () => createAnew(fs, from)));
  try {
    const file = new SegmentFile(handle, { offset: 0, allocated: reserve?.bytes ?? 0, step: preallocateBytes });
    await doing("ATOMIC_IO_WRITE_FAILED", "write", () => file.write(encodeHeader(header)));
    await doing("ATOMIC_IO_SYNC_FAILED", "fsync", () => handle.sync());
    file.accept(headerBytes);
    await claim.mustHold();
    try {
      await fs.rename(from, path);
    } catch (error) {
      if (errnoOf(error) === "ENOENT") throw superseded(directory, claim.epoch);
      throw failed("ATOMIC_IO_RENAME_FAILED", `Cannot start a segment of the journal "${directory}"`, {
        path,
        step: "rename",
        cause: error,
      });
    }
    await doing("ATOMIC_IO_COMMIT_UNCERTAIN", "fsync of its directory", () => syncDirectory(directory, { fs }));
    return { segment: { name, path, header }, file };
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
}

/** The name is this holder's alone, so what stands there is left from an attempt of its own that failed. */
async function createAnew(fs: FileSystem, path: string): Promise<FileHandle> {
  try {
    return await fs.open(path, "create");
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    await fs.unlink(path);
    return fs.open(path, "create");
  }
}
