import { join } from "node:path";
import { ensureDirectory, type FileSystem, nodeFileSystem, type RandomBytes } from "@gov/atomic-io";
import { openJournal } from "@gov/atomic-io/journal";
import { guardedObserver, type LockHost, nodeWaitTimers, type WaitTimers } from "@gov/atomic-io/lock";
import { BridgeHolder } from "../internal/bridge-holder.ts";
import { bridgeFault } from "../internal/bridge-state.ts";
import { lockWriter } from "../internal/lock-writer.ts";
import { backoffWithin, wholeAtLeast } from "../internal/option-range.ts";
import { readText } from "../internal/read-text.ts";
import { restoreBridge } from "../internal/restore-bridge.ts";
import type { Observer } from "../observer.ts";
import type { BackoffOptions } from "./backoff.ts";
import type { Bridge, BridgeEntry } from "./bridge.ts";
import { createCircuitBreaker } from "./circuit-breaker.ts";
import { nodeRandom } from "./node-random.ts";

/** Options of {@link openBridge}. */
export interface OpenBridgeOptions {
  /**
   * Takes one entry to where it belongs. It may get the same entry again after a crash, so it must be idempotent, by `seq` or `id`; what it throws is a failed
   * attempt.
   */
  readonly deliver: (entry: BridgeEntry) => Promise<void>;
  /** Takes entries while `deliver` fails so often that the circuit breaker is open. @default none: entries wait */
  readonly fallback?: ((entry: BridgeEntry) => Promise<void>) | undefined;
  /** Attempts before an entry becomes a dead letter, at least 1, counted as long as the bridge is held. @default 5 */
  readonly maxAttempts?: number | undefined;
  /** Waits between attempts. @default from 100 ms to 10 s, doubling, with full jitter */
  readonly backoff?: BackoffOptions | undefined;
  /** When the circuit breaker opens, and for how long. @default 5 failures in a row, 30 s */
  readonly breaker?: { readonly failureThreshold?: number | undefined; readonly coolDownMs?: number | undefined } | undefined;
  /** Entries that may wait. @default 10000 */
  readonly maxPending?: number | undefined;
  /** Bytes of payloads that may wait. @default 64 MiB */
  readonly maxPendingBytes?: number | undefined;
  /** Deliveries acknowledged in one commit; so many may come again after a crash. @default 64 */
  readonly acknowledgeEvery?: number | undefined;
  /** Journal records after which a snapshot is written and the journal cut. @default 10000 */
  readonly snapshotEvery?: number | undefined;
  /** How long to wait for another holder to close, in milliseconds. @default 0 */
  readonly timeoutMs?: number | undefined;
  /** Hears `bridge.opened` and `bridge.drained`. @default nobody */
  readonly observer?: Observer | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** A number from 0 up to 1, for jitter. @default the machine's */
  readonly random?: (() => number) | undefined;
  /** Bytes for the names of temporary files. @default random bytes of the machine */
  readonly fileRandom?: RandomBytes | undefined;
  /** @default the machine's locks */
  readonly lockHost?: LockHost | undefined;
}

/**
 * Opens a bridge: a queue on disk between many clients and one writer (IDX-10 to IDX-13). Appending is idempotent by id for ever and gives gap-free sequence
 * numbers; an entry that was accepted survives a power cut and is delivered at least once, in order, or becomes a dead letter that can be driven again. One
 * process holds a bridge at a time.
 *
 * @throws {@link IndexError} `INDEX_LOCKED` with the holder in `details.owner`; `INDEX_CORRUPT`; `INDEX_VERSION`.
 * @throws RangeError when an option is out of range.
 */
export async function openBridge(directory: string, options: OpenBridgeOptions): Promise<Bridge> {
  const { fs = nodeFileSystem, timers = nodeWaitTimers, random = nodeRandom, fileRandom, deliver, fallback } = options;
  const backoff = backoffWithin(options.backoff ?? {}, "Cannot open a bridge");
  const observer = guardedObserver(options.observer);
  const numbers = {
    maxAttempts: wholeAtLeast(1, options.maxAttempts ?? 5, "Cannot open a bridge: maxAttempts"),
    maxPending: wholeAtLeast(1, options.maxPending ?? 10_000, "Cannot open a bridge: maxPending"),
    maxPendingBytes: wholeAtLeast(1, options.maxPendingBytes ?? 64 * 1024 * 1024, "Cannot open a bridge: maxPendingBytes"),
    acknowledgeEvery: wholeAtLeast(1, options.acknowledgeEvery ?? 64, "Cannot open a bridge: acknowledgeEvery"),
    snapshotEvery: wholeAtLeast(1, options.snapshotEvery ?? 10_000, "Cannot open a bridge: snapshotEvery"),
  };
  const breaker = createCircuitBreaker({ ...options.breaker, monotonicMs: timers.monotonicMs });
  await ensureDirectory(directory, { fs });
  const { timeoutMs, lockHost: host } = options;
  const place = { lock: join(directory, "holder.lock"), what: "the bridge", path: directory };
  const lock = await lockWriter(place, { fs, timeoutMs, host, timers, random: fileRandom });
  try {
    const snapshotPath = join(directory, "bridge.json");
    const journal = await openJournal(join(directory, "journal"), { fs, random: fileRandom });
    try {
      const { state, replayed } = await restoreBridge(await readText(fs, snapshotPath), journal);
      observer?.event("bridge.opened", { lastSeq: state.lastSeq, pending: state.pending.size, dead: state.dead.size, replayed });
      const ports = { fs, timers, random, fileRandom, observer, deliver, fallback, backoff, breaker };
      return new BridgeHolder({ ...ports, ...numbers, snapshotPath, lock, journal, state, replayed });
    } catch (error) {
      await journal.close();
      throw error;
    }
  } catch (error) {
    await lock.release();
    throw bridgeFault(error);
  }
}
