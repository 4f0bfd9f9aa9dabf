import { AtomicIoError } from "../errors.ts";
import { ensureDirectory } from "../ensure-directory.ts";
import type { FileSystem } from "../file-system.ts";
import { failed } from "../internal/errno.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { nodeRandomBytes } from "../node-random.ts";
import { guardedObserver } from "../guarded-observer.ts";
import type { Observer } from "../observer.ts";
import type { RandomBytes } from "../temp-name.ts";
import type { Lease } from "./lease.ts";
import type { LeasePlace } from "./lease-fence.ts";
import { claimEpoch, listEpochs, readStanding, type Standing } from "./lease-files.ts";
import { LeaseHolder } from "./lease-holder.ts";
import type { LockHost, WaitTimers } from "./lock-host.ts";
import { nodeLockHost } from "./node-lock-host.ts";
import { nodeBackgroundTimers, nodeWaitTimers } from "./node-wait-timers.ts";

/** Options of {@link acquireLease}. */
export interface AcquireLeaseOptions {
  /** How long a holder may give no sign of life, in milliseconds on the contender's own monotonic clock, before it is superseded. @default 10_000 */
  readonly leaseMs?: number | undefined;
  /** How long to wait for the lease, in milliseconds; 0 tries once. @default 0 */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is told once when the lease is found lost; what it throws is ignored. */
  readonly onLost?: ((error: AtomicIoError) => void) | undefined;
  /** Hears `lease.contended`, `lease.acquired`, `lease.timeout` and `lease.lost`. */
  readonly observer?: Observer | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Says who holds it. @default the machine */
  readonly host?: Pick<LockHost, "owner"> | undefined;
  /** Spends the waiting time. @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** Spends the time between renewals, keeping no process alive. @default the machine's timers */
  readonly renewalTimers?: WaitTimers | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/**
 * Takes a lease on what several writers share, in a directory of its own, which is created when missing. Unlike a lock it passes on when its holder is paused,
 * hangs, or runs in another container: a contender that sees no sign of life for `leaseMs` takes the next epoch.
 *
 * Safety comes from the epoch and never from time: an epoch is a file that exactly one contender can create, and before a contender is given the lease it removes
 * the fence of the holder before, whose {@link Lease.confirm} fails from then on. A paused holder that wakes up may still write bytes; it gets no acknowledgement (durability model, part 7.8). No wall clock is read.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_LOCK_HELD` with the owner in `details.owner` when the time is over; the codes of `createFileOnce`.
 * @example Acknowledge only what nobody can take back
 * ```ts
 * import assert from "node:assert/strict";
 * import { acquireLease } from "@gov/atomic-io/lock";
 *
 * const lease = await acquireLease("writer.lease");
 * // Write data that carries lease.epoch, make it durable, then:
 * await lease.confirm();
 * await assert.rejects(acquireLease("writer.lease"), { code: "ATOMIC_IO_LOCK_HELD" });
 * await lease.release();
 * assert.equal((await acquireLease("writer.lease")).epoch, lease.epoch + 1);
 * ```
 */
export async function acquireLease(directory: string, options: AcquireLeaseOptions = {}): Promise<Lease> {
  const { leaseMs = 10_000, timeoutMs = 0, signal, fs = nodeFileSystem, host = nodeLockHost, timers = nodeWaitTimers } = options;
  const { random = nodeRandomBytes, renewalTimers = nodeBackgroundTimers, onLost } = options;
  const observer = guardedObserver(options.observer);
  if (!Number.isFinite(leaseMs) || leaseMs <= 0)
    throw new RangeError(`Cannot hold a lease for ${String(leaseMs)} ms: it must be a number of more than 0`);
  if (typeof timeoutMs !== "number" || !(timeoutMs >= 0))
    throw new RangeError(`Cannot wait for a lease for ${String(timeoutMs)} ms: it must be at least 0`);
  signal?.throwIfAborted();
  const place = { fs, random, directory: await realDirectory(fs, directory) };
  const owner = await host.owner();
  const started = timers.monotonicMs();
  let seen: { readonly standing: Standing; readonly sinceMs: number } | null = null;
  for (let attempt = 1; ; attempt++) {
    const now = timers.monotonicMs();
    const standing = await standingOf(place);
    if (standing === null || seen?.standing.identity !== standing.identity) seen = standing === null ? null : { standing, sinceMs: now };
    if (standing === null || standing.released || (seen !== null && now - seen.sinceMs >= leaseMs)) {
      const epoch = (standing?.epoch ?? 0) + 1;
      const fence = await claimEpoch(place, { epoch, owner });
      if (fence !== null) {
        const stale = standing !== null && !standing.released;
        observer?.event("lease.acquired", { path: place.directory, epoch, stale, attempts: attempt, waitedMs: now - started });
        return LeaseHolder.start({ place, epoch, fence, owner, leaseMs, timers: renewalTimers, onLost, observer });
      }
      continue;
    }
    if (attempt === 1) observer?.event("lease.contended", { path: place.directory, epoch: standing.epoch });
    const leftMs = timeoutMs - (now - started);
    if (leftMs <= 0) {
      observer?.event("lease.timeout", { path: place.directory, epoch: standing.epoch, waitedMs: now - started });
      throw heldError(place, standing, timeoutMs);
    }
    await timers.sleep(Math.min(leftMs, Math.max(1, leaseMs / 8)), signal);
    signal?.throwIfAborted();
  }
}

async function realDirectory(fs: FileSystem, directory: string): Promise<string> {
  await ensureDirectory(directory, { fs });
  try {
    return await fs.realpath(directory);
  } catch (error) {
    throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot use the lease "${directory}"`, { path: directory, step: "finding it", cause: error });
  }
}

/** What stands for the highest epoch; null before the first. */
async function standingOf(place: LeasePlace): Promise<Standing | null> {
  for (;;) {
    const [epoch] = await listEpochs(place);
    if (epoch === undefined) return null;
    const standing = await readStanding(place, epoch);
    if (standing !== null) return standing;
  }
}

function heldError(place: LeasePlace, standing: Standing, timeoutMs: number): AtomicIoError {
  const by = standing.owner === null ? "another process" : `process ${standing.owner.pid} on ${standing.owner.host}`;
  return new AtomicIoError(
    "ATOMIC_IO_LOCK_HELD",
    `Cannot take the lease "${place.directory}" within ${timeoutMs} ms: it is held by ${by}`,
    {
      details: { path: place.directory, timeoutMs, epoch: standing.epoch, owner: standing.owner },
      hint: "wait for it: a holder that gives no sign of life is superseded",
    },
  );
}
