import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { AtomicIoError } from "../errors.ts";
import type { FileSystem } from "../file-system.ts";
import { failed } from "../internal/errno.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { nodeRandomBytes } from "../node-random.ts";
import { guardedObserver } from "../guarded-observer.ts";
import type { Observer } from "../observer.ts";
import type { RandomBytes } from "../temp-name.ts";
import { tryKernel } from "./kernel-lock.ts";
import type { Lock, Place } from "./lock.ts";
import type { KernelLocks, LockHost, LockOwner, WaitTimers } from "./lock-host.ts";
import { readToken } from "./lock-token.ts";
import { nodeLockHost } from "./node-lock-host.ts";
import { nodeWaitTimers } from "./node-wait-timers.ts";
import { tryTokenFile } from "./token-file-lock.ts";

/** Options of {@link acquireLock}. */
export interface AcquireLockOptions {
  /** How long to wait for a holder to let go, in milliseconds; 0 tries once. @default 0 */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Hears `lock.contended`, `lock.acquired` and `lock.timeout`; `deadlock` says that this very process holds what it waited for. */
  readonly observer?: Observer | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default the machine's locks */
  readonly host?: LockHost | undefined;
  /** @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
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
  const observer = guardedObserver(options.observer);
  const place = await placeOf(fs, path);
  const kernel = await kernelOf(host, place.path);
  const owner = await host.owner();
  const started = timers.monotonicMs();
  let attempts = 0;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    attempts += 1;
    const nonce = Buffer.from(random(16)).toString("hex");
    const attempt = { fs, place, random, owner, nonce };
    const lock = kernel === null ? await tryTokenFile(attempt) : await tryKernel({ ...attempt, kernel });
    const waitedMs = timers.monotonicMs() - started;
    if (lock !== null) {
      observer?.event("lock.acquired", { path: place.path, attempts, waitedMs, stale: lock.stale !== null });
      return lock;
    }
    if (attempts === 1) observer?.event("lock.contended", { path: place.path });
    const leftMs = timeoutMs - waitedMs;
    if (leftMs <= 0) {
      const error = await heldError(fs, place.path, timeoutMs);
      observer?.event("lock.timeout", { path: place.path, attempts, waitedMs, deadlock: isOwn(error.details["owner"], owner) });
      throw error;
    }
    await timers.sleep(Math.min(pauseMs, leftMs), signal);
    signal?.throwIfAborted();
  }
}

function isOwn(holder: unknown, self: LockOwner): boolean {
  const { pid, boot, pidNamespace, started } = (holder ?? {}) as Partial<LockOwner>;
  return pid === self.pid && boot === self.boot && pidNamespace === self.pidNamespace && started === self.started;
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

async function heldError(fs: FileSystem, path: string, timeoutMs: number): Promise<AtomicIoError> {
  const token = await readToken(fs, path);
  const by = token === null ? "another process" : `process ${token.owner.pid} on ${token.owner.host}`;
  const fallback = token?.mechanism === "token-file";
  return new AtomicIoError("ATOMIC_IO_LOCK_HELD", `Cannot lock "${path}" within ${timeoutMs} ms: it is held by ${by}`, {
    details: { path, timeoutMs, owner: token?.owner ?? null, mechanism: token?.mechanism ?? null },
    hint: fallback ? "when that process is gone, remove the file" : "wait for it or end it; its death frees the lock",
  });
}
