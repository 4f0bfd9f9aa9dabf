import type { Durability } from "../durability.ts";
import { AtomicIoError } from "../errors.ts";
import type { FileStat } from "../file-system.ts";
import { nodeOwnerHost } from "../node-owner-host.ts";
import { type RandomBytes, temporaryName } from "../temp-name.ts";
import type { Content } from "./content.ts";
import { type Directory, inDirectory, releaseKept } from "./directory.ts";
import type { EitherFileSystem, EitherHandle } from "./either-file-system.ts";
import { errnoOf, failed } from "./errno.ts";
import type { Target } from "./resolve-target.ts";
import { type Steps, step } from "./steps.ts";
import { writeSteps } from "./write-fully.ts";

/** What a temporary is made of. */
export interface TemporaryOptions {
  readonly content: Content;
  readonly durability: Durability;
  readonly random: RandomBytes;
  /** The file whose mode and owner the new one takes over, or null. */
  readonly existing: FileStat | null;
  readonly mode: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Waits before the file is opened once more when too many are open; without it the first refusal counts. */
  readonly pause?: ((attempt: number) => Promise<void>) | undefined;
  /** Leaves the file open for whoever publishes it. @default false */
  readonly keepOpen?: boolean | undefined;
}

/** A temporary that is ready to be published. */
export interface Temporary {
  /** Its name in the target's directory. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** The open file, to be closed by the caller; null when it is closed. */
  readonly handle: EitherHandle | null;
}

/**
 * Writes the whole content to a temporary beside the target. Mode and owner are set before the fsync, so that it covers them: a secret never becomes readable to
 * others after a power cut. On any failure the temporary is gone and the target untouched; a failure of the content's source is thrown as it is.
 */
export function* writeTemporary(fs: EitherFileSystem, target: Target, options: TemporaryOptions): Steps<Temporary> {
  const wanted = `Cannot write "${target.real}"`;
  const mode = options.mode ?? options.existing?.mode;
  const name = temporaryName(nodeOwnerHost.self(), options.random);
  const path = inDirectory(target.directory.path, name);
  let handle: EitherHandle;
  try {
    handle = yield* openNew(fs, path, { mode: createMode(mode, target.directory, options.existing), pause: options.pause });
  } catch (error) {
    throw failed("ATOMIC_IO_CREATE_FAILED", wanted, { path: target.real, step: "creating a temporary beside it", cause: error });
  }
  const source: { failure?: unknown } = {};
  try {
    let bytes;
    let keep = false;
    try {
      bytes = yield* fill(handle, target, { ...options, mode, source });
      keep = options.keepOpen === true;
    } finally {
      if (!keep) yield* step(handle.close());
    }
    return { name, path, bytes, handle: keep ? handle : null };
  } catch (error) {
    yield* discard(fs, path);
    const own = error instanceof AtomicIoError || ("failure" in source && error === source.failure);
    if (own || (options.signal?.aborted === true && error === options.signal.reason)) throw error;
    throw failed("ATOMIC_IO_WRITE_FAILED", wanted, { path: target.real, step: "write", cause: error });
  }
}

const attempts = 8;

/** Opens the temporary. Where the process or the system has too many files open, others close theirs soon: nothing has been written yet, so it may be tried again. */
function* openNew(
  fs: EitherFileSystem,
  path: string,
  how: { readonly mode: number; readonly pause: TemporaryOptions["pause"] },
): Steps<EitherHandle> {
  for (let attempt = 1; ; attempt++) {
    try {
      return yield* step(fs.open(path, "create", { mode: how.mode }));
    } catch (error) {
      const errno = errnoOf(error);
      if (how.pause === undefined || attempt === attempts || (errno !== "EMFILE" && errno !== "ENFILE")) throw error;
      releaseKept(fs);
      yield* step(how.pause(attempt));
    }
  }
}

/** Removes a temporary; a failure to do so must not hide the failure that led here. */
export function* discard(fs: EitherFileSystem, path: string): Steps<void> {
  try {
    yield* step(fs.unlink(path));
  } catch {
    // A name that stays behind hides nothing, and goes with the next sweep.
  }
}

/** Never wider than the final mode, nor readable to a group that is not the final one; without a mode the umask decides as for any new file. */
function createMode(mode: number | undefined, { creator }: Directory, existing: FileStat | null): number {
  if (mode === undefined) return 0o666;
  return existing !== null && creator?.uid === existing.uid && creator.gid === existing.gid ? mode & 0o777 : 0o600;
}

function* fill(
  handle: EitherHandle,
  target: Target,
  options: TemporaryOptions & { readonly source: { failure?: unknown } },
): Steps<number> {
  const { existing, mode, signal, durability } = options;
  const wanted = `Cannot write "${target.real}"`;
  signal?.throwIfAborted();
  let length = 0;
  for (;;) {
    const bytes = yield* nextOf(options);
    if (bytes === null) break;
    yield* writeSteps(handle, bytes, length);
    length += bytes.byteLength;
    signal?.throwIfAborted();
  }
  const own = yield* step(handle.stat());
  if (own.size !== length) {
    throw new AtomicIoError("ATOMIC_IO_WRITE_FAILED", `${wanted}: ${own.size} of ${length} bytes were stored`, {
      details: { path: target.real, size: own.size, expected: length },
    });
  }
  target.directory.creator = { uid: own.uid, gid: own.gid };
  const owned = existing === null || (own.uid === existing.uid && own.gid === existing.gid);
  if (!owned) yield* takeOwner(handle, target, existing);
  // After chown, which clears the set-id bits.
  if (mode !== undefined && (!owned || own.mode !== mode)) yield* step(handle.chmod(mode));
  signal?.throwIfAborted();
  if (durability !== "none") {
    try {
      yield* step(handle.sync());
    } catch (error) {
      const hint = "the old file is intact; check the disk";
      throw failed("ATOMIC_IO_SYNC_FAILED", wanted, { path: target.real, step: "fsync", cause: error, hint });
    }
  }
  return length;
}

function* nextOf(options: TemporaryOptions & { readonly source: { failure?: unknown } }): Steps<Uint8Array | null> {
  try {
    return yield* step(options.content.next());
  } catch (error) {
    options.source.failure = error;
    throw error;
  }
}

function* takeOwner(handle: EitherHandle, target: Target, existing: FileStat): Steps<void> {
  try {
    yield* step(handle.chown(existing.uid, existing.gid));
  } catch (error) {
    throw failed("ATOMIC_IO_OWNER_FAILED", `Cannot replace "${target.real}"`, {
      path: target.real,
      step: `keeping its owner ${existing.uid}:${existing.gid}`,
      cause: error,
      hint: "run as the owner of the file, or give the file to this user first",
    });
  }
}
