import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { createFileOnce } from "../create-file-once.ts";
import { AtomicIoError, isAtomicIoError } from "../errors.ts";
import type { FileSystem } from "../file-system.ts";
import { failed } from "../internal/errno.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { nodeRandomBytes } from "../node-random.ts";
import { replaceFile } from "../replace-file.ts";
import type { RandomBytes } from "../temp-name.ts";
import type { KernelLocks, LockHost, LockOwner, WaitTimers } from "./lock-host.ts";
import { type LockToken, readToken, renderToken } from "./lock-token.ts";
import { nodeLockHost } from "./node-lock-host.ts";
import { nodeWaitTimers } from "./node-wait-timers.ts";

/** Options of {@link acquireLock}. */
export interface AcquireLockOptions {
  /** How long to wait for a holder to let go, in milliseconds; 0 tries once. @default 0 */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default the machine's locks */
  readonly host?: LockHost | undefined;
  /** @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/** A lock that is held until it is released or the process dies. */
export interface Lock {
  /** The real path of the lock's file. */
  readonly path: string;
  /** `abstract-socket` on Linux, `token-file` where the kernel offers nothing. */
  readonly mechanism: string;
  readonly owner: LockOwner;
  /** The holder that died without releasing, when this lock was taken over from one. */
  readonly stale: LockOwner | null;
  /** Lets go; a second call does nothing. */
  readonly release: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/**
 * Takes the lock named by the file at `path`: of all processes of one machine, one holds it at a time (AIO-03), with try-lock and timeout (AIO-04).
 *
 * On Linux the kernel decides, through an abstract socket named after the directory's inode and the file's name: it is freed with the holder's death, so
 * nothing is ever guessed from times or pids. The file itself names mechanism, network namespace and owner. Elsewhere the file alone decides (`O_EXCL`), and
 * one left by a dead holder stays until a person removes it. A contender that finds another mechanism or namespace named is refused instead of choosing its
 * own. A lock gives liveness; what must never be written by a superseded holder needs a fence as well, as the journal has.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_LOCK_HELD` with the owner in `details.owner` when the time is over; `ATOMIC_IO_LOCK_MISMATCH`;
 * `ATOMIC_IO_LOCK_FAILED` when the lock's directory cannot be used.
 * @example Only one writer
 * ```ts
 * import assert from "node:assert/strict";
 * import { acquireLock } from "@gov/atomic-io/lock";
 *
 * const lock = await acquireLock("index.lock");
 * await assert.rejects(acquireLock("index.lock"), { code: "ATOMIC_IO_LOCK_HELD" });
 * await lock.release();
 * await (await acquireLock("index.lock", { timeoutMs: 1000 })).release();
 * ```
 */
export async function acquireLock(path: string, options: AcquireLockOptions = {}): Promise<Lock> {
  const { timeoutMs = 0, signal, fs = nodeFileSystem, host = nodeLockHost, timers = nodeWaitTimers, random = nodeRandomBytes } = options;
  if (typeof timeoutMs !== "number" || !(timeoutMs >= 0))
    throw new RangeError(`Cannot wait for a lock for ${String(timeoutMs)} ms: it must be at least 0`);
  signal?.throwIfAborted();
  const place = await placeOf(fs, path);
  const kernel = await kernelOf(host, place.path);
  const owner = await host.owner();
  const started = timers.monotonicMs();
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    const nonce = Buffer.from(random(16)).toString("hex");
    const attempt = { fs, place, kernel, random, owner, nonce };
    const lock = kernel === null ? await tryTokenFile(attempt) : await tryKernel({ ...attempt, kernel });
    if (lock !== null) return lock;
    const leftMs = timeoutMs - (timers.monotonicMs() - started);
    if (leftMs <= 0) throw await heldError(fs, place.path, timeoutMs);
    await timers.sleep(Math.min(pauseMs, leftMs), signal);
    signal?.throwIfAborted();
  }
}

interface Place {
  readonly path: string;
  /** Same for every path that leads to this lock. */
  readonly kernelName: string;
}

interface Attempt {
  readonly fs: FileSystem;
  readonly place: Place;
  readonly owner: LockOwner;
  readonly nonce: string;
  readonly random: RandomBytes;
}

async function placeOf(fs: FileSystem, path: string): Promise<Place> {
  if (typeof path !== "string" || path === "" || path.includes("\0"))
    throw new TypeError("Cannot lock without a path: a non-empty string is required");
  try {
    const directory = await fs.realpath(dirname(path));
    const { device, inode } = await fs.stat(directory);
    const identity = createHash("sha256")
      .update(`${device}:${inode}:${basename(path)}`)
      .digest("hex");
    return { path: join(directory, basename(path)), kernelName: `gov-lock-1-${identity}` };
  } catch (error) {
    throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot lock "${path}"`, { path, step: "finding its directory", cause: error });
  }
}

async function kernelOf(host: LockHost, path: string): Promise<KernelLocks | null> {
  try {
    return await host.kernel();
  } catch (error) {
    throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot lock "${path}"`, { path, step: "asking the kernel for a lock", cause: error });
  }
}

async function tryKernel(attempt: Attempt & { readonly kernel: KernelLocks }): Promise<Lock | null> {
  const { fs, place, kernel, owner, nonce, random } = attempt;
  const found = await readToken(fs, place.path);
  if (found !== null) refuseForeign(found, attempt);
  let held;
  try {
    held = await kernel.tryAcquire(place.kernelName);
  } catch (error) {
    throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot lock "${place.path}"`, { path: place.path, step: "asking the kernel", cause: error });
  }
  if (held === null) return null;
  try {
    // Read again: only now does nobody of our namespace change it any more. What is left there was written by a holder that died.
    const left = await readToken(fs, place.path);
    if (left !== null) refuseForeign(left, attempt);
    const token: LockToken = { format: "gov.lock", version: 1, mechanism: kernel.mechanism, namespace: kernel.namespace, owner, nonce };
    await writeToken(fs, place.path, { token, over: left !== null, random });
    return lockOf(attempt, { mechanism: kernel.mechanism, stale: left?.owner ?? null, letGo: held.release });
  } catch (error) {
    await held.release();
    throw error;
  }
}

function refuseForeign(token: LockToken, attempt: Attempt & { readonly kernel: KernelLocks }): void {
  const { kernel, owner, place } = attempt;
  if (token.mechanism === kernel.mechanism && token.namespace === kernel.namespace) return;
  // The kernel that gave that lock is no longer running on this host, so the lock went with it.
  const rebooted = token.owner.host === owner.host && token.owner.boot !== null && owner.boot !== null && token.owner.boot !== owner.boot;
  if (rebooted && token.mechanism === kernel.mechanism) return;
  throw new AtomicIoError(
    "ATOMIC_IO_LOCK_MISMATCH",
    `Cannot lock "${place.path}": it is kept by ${token.mechanism} in ${token.namespace ?? "no namespace"}, this process has ${kernel.mechanism} in ${kernel.namespace}`,
    {
      details: { path: place.path, owner: token.owner, mechanism: token.mechanism, namespace: token.namespace },
      hint: `let all writers run in one network namespace; when process ${token.owner.pid} on ${token.owner.host} is gone, remove the file`,
    },
  );
}

async function writeToken(
  fs: FileSystem,
  path: string,
  content: { readonly token: LockToken; readonly over: boolean; readonly random: RandomBytes },
): Promise<void> {
  const { token, over, random } = content;
  try {
    // Exclusive when nothing was there, so that a contender of another namespace in the same moment loses visibly.
    if (over) await replaceFile(path, renderToken(token), { fs, random, durability: "process" });
    else await createFileOnce(path, renderToken(token), { fs, random, durability: "process" });
  } catch (error) {
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_TARGET_EXISTS") {
      throw new AtomicIoError("ATOMIC_IO_LOCK_MISMATCH", `Cannot lock "${path}": a process of another namespace took it`, {
        cause: error,
        details: { path },
      });
    }
    throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot lock "${path}"`, { path, step: "writing the lock's file", cause: error });
  }
}

async function tryTokenFile(attempt: Attempt): Promise<Lock | null> {
  const { fs, place, owner, nonce, random } = attempt;
  const found = await readToken(fs, place.path);
  if (found !== null && found.mechanism !== "token-file") {
    throw new AtomicIoError(
      "ATOMIC_IO_LOCK_MISMATCH",
      `Cannot lock "${place.path}": it is kept by ${found.mechanism}, which this process does not have`,
      {
        details: { path: place.path, owner: found.owner, mechanism: found.mechanism, namespace: found.namespace },
        hint: "let all writers run on one kind of system; remove the file when nobody holds it",
      },
    );
  }
  if (found !== null) return null;
  const token: LockToken = { format: "gov.lock", version: 1, mechanism: "token-file", namespace: null, owner, nonce };
  try {
    await createFileOnce(place.path, renderToken(token), { fs, random, durability: "process" });
  } catch (error) {
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_TARGET_EXISTS") return null;
    throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot lock "${place.path}"`, {
      path: place.path,
      step: "creating the lock's file",
      cause: error,
    });
  }
  return lockOf(attempt, { mechanism: "token-file", stale: null, letGo: async () => undefined });
}

function lockOf(
  attempt: Attempt,
  held: { readonly mechanism: string; readonly stale: LockOwner | null; readonly letGo: () => Promise<void> },
): Lock {
  const { fs, place, owner, nonce } = attempt;
  let released: Promise<void> | undefined;
  const release = (): Promise<void> => (released ??= letGo());
  const letGo = async (): Promise<void> => {
    try {
      // The file first, while the kernel still keeps others out; and only our own.
      if ((await readToken(fs, place.path))?.nonce === nonce) await fs.unlink(place.path);
    } finally {
      await held.letGo();
    }
  };
  return { path: place.path, mechanism: held.mechanism, owner, stale: held.stale, release, [Symbol.asyncDispose]: release };
}

async function heldError(fs: FileSystem, path: string, timeoutMs: number): Promise<AtomicIoError> {
  const token = await readToken(fs, path);
  const by = token === null ? "another process" : `process ${token.owner.pid} on ${token.owner.host}`;
  const fallback = token?.mechanism === "token-file";
  return new AtomicIoError("ATOMIC_IO_LOCK_HELD", `Cannot lock "${path}" within ${timeoutMs} ms: it is held by ${by}`, {
    details: { path, timeoutMs, owner: token?.owner ?? null, mechanism: token?.mechanism ?? null },
    hint: fallback ? "when that process is gone, remove the file" : "wait for it or end it; its death frees the lock",
  });
}
