import { createHash } from "node:crypto";
import type { FileSystem } from "../file-system.ts";
import { noDirectory } from "../internal/directory.ts";
import { errnoOf, failed } from "../internal/errno.ts";
import { inTurn } from "../internal/path-queue.ts";
import { notAFile, type Target } from "../internal/resolve-target.ts";
import { readFully, writeFully } from "../internal/write-fully.ts";
import { syncDirectory } from "../sync-directory.ts";

/** SHA-256 in lower-case hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The content of a file, or null when there is none. */
export async function readWhole(fs: FileSystem, path: string): Promise<Uint8Array | null> {
  try {
    const handle = await fs.open(path, "read");
    try {
      const bytes = new Uint8Array((await handle.stat()).size);
      return bytes.subarray(0, await readFully(handle, bytes, 0));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot read "${path}"`, { path, step: "read", cause: error });
  }
}

/** Writes in place and syncs: readers can see a part, and a crash can leave one; that is what mode `direct` means (IDX-06). */
export async function writeInPlace(fs: FileSystem, given: string, bytes: Uint8Array): Promise<void> {
  return inTurn(fs, given, { known: noDirectory, task: (target) => overwrite(fs, target, bytes) });
}

async function overwrite(fs: FileSystem, { path, directory, existing }: Target, bytes: Uint8Array): Promise<void> {
  if (existing !== null && existing.kind !== "file") throw notAFile(path, existing.kind);
  try {
    const handle = await openInPlace(fs, path);
    try {
      await handle.truncate(0);
      await writeFully(handle, bytes, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncDirectory(directory.path, { fs });
  } catch (error) {
    throw failed("ATOMIC_IO_WRITE_FAILED", `Cannot write "${path}" in place`, { path, step: "write", cause: error });
  }
}

async function openInPlace(fs: FileSystem, path: string): ReturnType<FileSystem["open"]> {
  try {
    return await fs.open(path, "read-write");
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    return fs.open(path, "create");
  }
}
