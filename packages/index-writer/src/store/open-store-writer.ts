import { guardedObserver, nodeWaitTimers, type WaitTimers } from "@gov/atomic-io/lock";
import { type BackoffOptions } from "../bridge/backoff.ts";
import { nodeRandom } from "../bridge/node-random.ts";
import { atLeast, backoffWithin, wholeAtLeast } from "../internal/option-range.ts";
import { StoreWriterHolder } from "../internal/store/store-writer-holder.ts";
import type { Observer } from "../observer.ts";
import type { IndexStore } from "./index-store.ts";
import type { StoreWriter } from "./store-writer.ts";

/** Options of {@link openStoreWriter}. */
export interface OpenStoreWriterOptions {
  /** Entries of one commit at most. @default 256 */
  readonly maxBatch?: number | undefined;
  /** Commits under one lease while others may be waiting; then it is passed on. @default 64 */
  readonly commitsPerLease?: number | undefined;
  /** How long the lease is kept without anything to write, in milliseconds. @default 100 */
  readonly lingerMs?: number | undefined;
  /** Entries that may wait. @default 10_000 */
  readonly maxPending?: number | undefined;
  /** How long an entry is tried for, in milliseconds, before its writer is told that nothing is certain. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /** Waits after a failure. @default from 100 ms to 10 s, doubling, with full jitter */
  readonly backoff?: BackoffOptions | undefined;
  /** Hears `store.committed` and `store.failed`. @default nobody */
  readonly observer?: Observer | undefined;
  /** @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** A number from 0 up to 1, for jitter. @default the machine's */
  readonly random?: (() => number) | undefined;
}

/**
 * Opens a writer on a record: takes the lease when there is something to write, commits what waits in batches, passes the lease on so that every writer gets its
 * turn, and begins again where a commit was refused or its outcome is unknown. Where entries of several writers meet, their order is that of the commits.
 *
 * @throws RangeError when an option is out of range.
 * @example Two writers, one order
 * ```ts
 * import assert from "node:assert/strict";
 * import { openFileStore, openStoreWriter } from "@gov/index-writer";
 *
 * const [a, b] = [await openFileStore("record"), await openFileStore("record")];
 * const [first, second] = [openStoreWriter(a), openStoreWriter(b)];
 * const seqs = (await Promise.all([first.append("x", 1), second.append("y", 2), first.append("z", 3)])).map(({ seq }) => seq);
 * assert.deepEqual(seqs.sort(), [1, 2, 3]);
 * assert.deepEqual((await second.append("x", 1)).duplicate, true);
 * for (const each of [first, second, a, b]) await each.close();
 * ```
 */
export function openStoreWriter(store: IndexStore, options: OpenStoreWriterOptions = {}): StoreWriter {
  const { timers = nodeWaitTimers, random = nodeRandom } = options;
  return new StoreWriterHolder({
    store,
    timers,
    random,
    backoff: backoffWithin(options.backoff ?? {}, "Cannot open a writer"),
    observer: guardedObserver(options.observer),
    maxBatch: wholeAtLeast(1, options.maxBatch ?? 256, "Cannot open a writer: maxBatch"),
    commitsPerLease: wholeAtLeast(1, options.commitsPerLease ?? 64, "Cannot open a writer: commitsPerLease"),
    lingerMs: atLeast(0, options.lingerMs ?? 100, "Cannot open a writer: lingerMs"),
    maxPending: wholeAtLeast(1, options.maxPending ?? 10_000, "Cannot open a writer: maxPending"),
    timeoutMs: atLeast(0, options.timeoutMs ?? 30_000, "Cannot open a writer: timeoutMs"),
  });
}
