import { join } from "node:path";
import type { Durability } from "../durability.ts";
import { AtomicIoError } from "../errors.ts";
import type { FileHandle, FileStat, FileSystem } from "../file-system.ts";
import { type RandomBytes, temporaryName } from "../temp-name.ts";
import { failed } from "./errno.ts";
import type { Target } from "./resolve-target.ts";
import { writeFully } from "./write-fully.ts";

/** What a temporary is made of. */
export interface TemporaryOptions {
  readonly bytes: Uint8Array;
  readonly durability: Durability;
  readonly random: RandomBytes;
  /** The file whose mode and owner the new one takes over, or null. */
  readonly existing: FileStat | null;
  readonly mode: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes the whole content to a temporary beside the target and returns its path, ready to be published. Mode and owner are set before the fsync, so that it
 * covers them: a secret never becomes readable to others after a power cut. On any failure the temporary is gone and the target untouched.
 */
export async function writeTemporary(fs: FileSystem, target: Target, options: TemporaryOptions): Promise<string> {
  const wanted = `Cannot write "${target.path}"`;
  const mode = options.mode ?? options.existing?.mode;
  const path = join(target.directory, temporaryName(options.random));
  let handle: FileHandle;
  try {
    // Never wider than the final mode; without one, the umask decides as for any new file.
    handle = await fs.open(path, "create", { mode: mode === undefined ? 0o666 : 0o600 });
  } catch (error) {
    throw failed("ATOMIC_IO_CREATE_FAILED", wanted, { path: target.path, step: "creating a temporary beside it", cause: error });
  }
  try {
    try {
      await fill(handle, target, { ...options, mode });
    } finally {
      await handle.close();
    }
  } catch (error) {
    await discard(fs, path);
    if (error instanceof AtomicIoError || (options.signal?.aborted === true && error === options.signal.reason)) throw error;
    throw failed("ATOMIC_IO_WRITE_FAILED", wanted, { path: target.path, step: "write", cause: error });
  }
  return path;
}

/** Removes a temporary; a failure to do so must not hide the failure that led here. */
export async function discard(fs: FileSystem, path: string): Promise<void> {
  try {
    await fs.unlink(path);
  } catch {
    // A name that stays behind is recognised by isTemporaryName and hides nothing.
  }
}

async function fill(handle: FileHandle, target: Target, options: TemporaryOptions): Promise<void> {
  const { bytes, existing, mode, signal, durability } = options;
  const wanted = `Cannot write "${target.path}"`;
  signal?.throwIfAborted();
  await writeFully(handle, bytes, 0);
  if (existing !== null) await takeOwner(handle, target, existing);
  // After chown, which clears the set-id bits.
  if (mode !== undefined) await handle.chmod(mode);
  signal?.throwIfAborted();
  if (durability !== "none") {
    try {
      await handle.sync();
    } catch (error) {
      throw failed("ATOMIC_IO_SYNC_FAILED", wanted, {
        path: target.path,
        step: "fsync",
        cause: error,
        hint: "the old file is intact; check the disk",
      });
    }
  }
  const { size } = await handle.stat();
  if (size !== bytes.byteLength) {
    throw new AtomicIoError("ATOMIC_IO_WRITE_FAILED", `${wanted}: ${size} of ${bytes.byteLength} bytes were stored`, {
      details: { path: target.path, size, expected: bytes.byteLength },
    });
  }
}

async function takeOwner(handle: FileHandle, target: Target, existing: FileStat): Promise<void> {
  const own = await handle.stat();
  if (own.uid === existing.uid && own.gid === existing.gid) return;
  try {
    await handle.chown(existing.uid, existing.gid);
  } catch (error) {
    throw failed("ATOMIC_IO_OWNER_FAILED", `Cannot replace "${target.path}"`, {
      path: target.path,
      step: `keeping its owner ${existing.uid}:${existing.gid}`,
      cause: error,
      hint: "run as the owner of the file, or give the file to this user first",
    });
  }
}
