import type { Durability } from "../durability.ts";
import { AtomicIoError } from "../errors.ts";
import { nodeOwnerHost } from "../node-owner-host.ts";
import { type RandomBytes, temporaryName } from "../temp-name.ts";
import type { Content, Parts } from "./content.ts";
import { type Directory, giveBackSpace, inDirectory, releaseKept } from "./directory.ts";
import type { EitherFileSystem, EitherHandle, Standing } from "./either-file-system.ts";
import { errnoOf, failed } from "./errno.ts";
import type { Target } from "./resolve-target.ts";
import { isPending, type Steps, step } from "./steps.ts";
import { writeSteps } from "./write-fully.ts";

/** What a temporary is made of. */
export interface TemporaryOptions {
  readonly content: Content;
  readonly durability: Durability;
  readonly random: RandomBytes;
  /** The file whose mode and owner the new one takes over, or null. */
  readonly existing: Standing | null;
  readonly mode: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Waits before the file is opened once more when too many are open; without it the first refusal counts. */
  readonly pause?: ((random: RandomBytes, attempt: number) => Promise<void>) | undefined;
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
  const name = temporaryName(nodeOwnerHost.self(), options.random);
  const path = inDirectory(target.directory.path, name);
  let handle: EitherHandle;
  try {
    const opened = fs.open(path, "create", { mode: createMode(target.directory, options) });
    handle = isPending(opened) ? yield* step(opened) : opened;
  } catch (error) {
    handle = yield* openAgain(fs, target, { ...options, path, refusal: error });
  }
  // Of a source that has failed, to tell its error from those of the file system.
  const source: { failure?: unknown } = {};
  try {
    let bytes;
    let keep = false;
    try {
      bytes = yield* fill(fs, handle, { target, options, source });
      keep = options.keepOpen === true;
    } finally {
      if (!keep) {
        const closed = handle.close();
        if (isPending(closed)) yield* step(closed);
      }
    }
    return { name, path, bytes, handle: keep ? handle : null };
  } catch (error) {
    yield* discard(fs, path);
    const own = error instanceof AtomicIoError || ("failure" in source && error === source.failure);
    if (own || (options.signal?.aborted === true && error === options.signal.reason)) throw error;
    throw failed("ATOMIC_IO_WRITE_FAILED", wantedOf(target), { path: target.real, step: "write", cause: error });
  }
}

function wantedOf({ real }: Target): string {
  return `Cannot write "${real}"`;
}

const attempts = 8;

/**
 * Opens the temporary once more after a refusal. Where the process or the system has too many files open, others close theirs soon: nothing has been written yet,
 * so it may be tried again. So it may once space has been given back.
 */
function* openAgain(
  fs: EitherFileSystem,
  target: Target,
  options: TemporaryOptions & { readonly path: string; readonly refusal: unknown },
): Steps<EitherHandle> {
  const { path, random, pause } = options;
  let { refusal } = options;
  for (let attempt = 1; ;) {
    if (!isFull(refusal) || !(yield* step(giveBackSpace(fs)))) {
      const errno = errnoOf(refusal);
      if (pause === undefined || attempt === attempts || (errno !== "EMFILE" && errno !== "ENFILE")) {
        throw failed("ATOMIC_IO_CREATE_FAILED", wantedOf(target), {
          path: target.real,
          step: "creating a temporary beside it",
          cause: refusal,
        });
      }
      releaseKept(fs);
      yield* step(pause(random, attempt++));
    }
    try {
      return yield* step(fs.open(path, "create", { mode: createMode(target.directory, options) }));
    } catch (error) {
      refusal = error;
    }
  }
}

function isFull(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === "ENOSPC" || errno === "EDQUOT";
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
function createMode({ creator }: Directory, { mode, existing }: TemporaryOptions): number {
  const wanted = mode ?? existing?.mode;
  if (wanted === undefined) return 0o666;
  return existing !== null && creator?.uid === existing.uid && creator.gid === existing.gid ? wanted & 0o777 : 0o600;
}

interface Filling {
  readonly target: Target;
  readonly options: TemporaryOptions;
  readonly source: { failure?: unknown };
}

function* fill(fs: EitherFileSystem, handle: EitherHandle, filling: Filling): Steps<number> {
  const { target, options } = filling;
  const { content, existing, signal, durability } = options;
  signal?.throwIfAborted();
  let length;
  if (ArrayBuffer.isView(content)) {
    yield* writePart(fs, handle, { bytes: content, position: 0 });
    length = content.byteLength;
  } else {
    length = yield* writeParts(fs, handle, { ...filling, parts: content });
  }
  signal?.throwIfAborted();
  const examined = handle.examine === undefined ? handle.stat() : handle.examine();
  const own = isPending(examined) ? yield* step(examined) : examined;
  if (own.size !== length) {
    throw new AtomicIoError("ATOMIC_IO_WRITE_FAILED", `${wantedOf(target)}: ${own.size} of ${length} bytes were stored`, {
      details: { path: target.real, size: own.size, expected: length },
    });
  }
  target.directory.creator = own;
  const owned = existing === null || (own.uid === existing.uid && own.gid === existing.gid);
  if (!owned) yield* takeOwner(handle, target, existing);
  const mode = options.mode ?? existing?.mode;
  // After chown, which clears the set-id bits.
  if (mode !== undefined && (!owned || own.mode !== mode)) yield* step(handle.chmod(mode));
  signal?.throwIfAborted();
  if (durability !== "none") {
    try {
      const synced = handle.sync();
      if (isPending(synced)) yield* step(synced);
    } catch (error) {
      const hint = "the old file is intact; check the disk";
      throw failed("ATOMIC_IO_SYNC_FAILED", wantedOf(target), { path: target.real, step: "fsync", cause: error, hint });
    }
    signal?.throwIfAborted();
  }
  return length;
}

/** Writes part after part and returns the length of all. */
function* writeParts(fs: EitherFileSystem, handle: EitherHandle, filling: Filling & { readonly parts: Parts }): Steps<number> {
  const { parts, options, source } = filling;
  for (let length = 0; ;) {
    let bytes;
    try {
      bytes = yield* step(parts.next(options.signal));
    } catch (error) {
      source.failure = error;
      throw error;
    }
    if (bytes === null) return length;
    yield* writePart(fs, handle, { bytes, position: length });
    length += bytes.byteLength;
    options.signal?.throwIfAborted();
  }
}

/** Writes a part whole, once more where the disk was full and space has been given back. */
function* writePart(
  fs: EitherFileSystem,
  handle: EitherHandle,
  part: { readonly bytes: Uint8Array; readonly position: number },
): Steps<void> {
  try {
    yield* writeSteps(handle, part.bytes, part.position);
  } catch (error) {
    if (!isFull(error) || !(yield* step(giveBackSpace(fs)))) throw error;
    yield* writeSteps(handle, part.bytes, part.position);
  }
}

function* takeOwner(handle: EitherHandle, target: Target, existing: Standing): Steps<void> {
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
