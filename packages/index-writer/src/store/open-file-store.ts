import { join } from "node:path";
import { type FileSystem, nodeFileSystem, type RandomBytes } from "@gov/atomic-io";
import { guardedObserver, type LockHost, nodeWaitTimers, type WaitTimers } from "@gov/atomic-io/lock";
import { FileStore } from "../internal/store/file-store.ts";
import type { Observer } from "../observer.ts";
import type { IndexStore } from "./index-store.ts";

/** Options of {@link openFileStore}. */
export interface OpenFileStoreOptions {
  /** How long a writer may give no sign of life, in milliseconds, before the next one takes over. @default 10_000 */
  readonly leaseMs?: number | undefined;
  /** Hears the events of the lease. @default nobody */
  readonly observer?: Observer | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Says who holds the lease. @default the machine */
  readonly host?: Pick<LockHost, "owner"> | undefined;
  /** Spends the waiting time. @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** Spends the time between signs of life. @default the machine's timers */
  readonly renewalTimers?: WaitTimers | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/**
 * Opens the record in files, for any number of processes of one machine: a lease hands out epochs, a journal holds the entries, and each new holder fences the
 * journal off from the one before. Its ids are held in memory, and a holder reads the journal from its beginning: meant for some hundred thousand entries;
 * beyond, the same interface runs on PostgreSQL.
 *
 * Opening and reading change nothing: the directory is made when somebody takes the lease.
 *
 * @example Commit once, however often
 * ```ts
 * import assert from "node:assert/strict";
 * import { openFileStore } from "@gov/index-writer";
 *
 * const store = await openFileStore("record");
 * const { epoch, seq } = await store.acquire();
 * const entries = [{ id: "report-1", payload: { verdict: "PASS" } }];
 * assert.deepEqual(await store.commit({ epoch, expectedSeq: seq, entries }), [{ seq: 1, duplicate: false }]);
 * assert.deepEqual(await store.commit({ epoch, expectedSeq: 1, entries }), [{ seq: 1, duplicate: true }]);
 * await assert.rejects(store.commit({ epoch: epoch - 1, expectedSeq: 1, entries }), { code: "INDEX_SUPERSEDED" });
 * await store.close();
 * ```
 */
export async function openFileStore(directory: string, options: OpenFileStoreOptions = {}): Promise<IndexStore> {
  const { leaseMs = 10_000, fs = nodeFileSystem, timers = nodeWaitTimers, host, renewalTimers, random } = options;
  const observer = guardedObserver(options.observer);
  const lease = { leaseMs, fs, timers, observer, host, renewalTimers, random };
  return new FileStore({
    lease,
    timers,
    fs,
    random,
    leaseDirectory: join(directory, "lease"),
    journalDirectory: join(directory, "journal"),
  });
}
