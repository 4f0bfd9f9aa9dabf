import { ensureDirectory, type FileSystem, isAtomicIoError, nodeFileSystem, type RandomBytes } from "@gov/atomic-io";
import { guardedObserver, type Lock, type LockHost, nodeWaitTimers, type WaitTimers } from "@gov/atomic-io/lock";
import type { ArtifactIndex } from "./artifact-index.ts";
import { backoffDelay, type BackoffOptions } from "./bridge/backoff.ts";
import { nodeRandom } from "./bridge/node-random.ts";
import { IndexError } from "./errors.ts";
import type { IndexRecord } from "./index-record.ts";
import { diskFailure } from "./internal/disk-failure.ts";
import { IndexHolder } from "./internal/index-holder.ts";
import { mustStandInside } from "./internal/index-inside.ts";
import { type IndexPlaces, placesOf } from "./internal/layout.ts";
import { lockWriter } from "./internal/lock-writer.ts";
import { recover, type Recovered, type RecoveryInput } from "./internal/recover.ts";
import { nodeBreathe } from "./node-breathe.ts";
import { backoffWithin, wholeAtLeast } from "./internal/option-range.ts";
import type { Observer } from "./observer.ts";
import type { Breathe } from "./scan/scan-file-system.ts";

/** Options of {@link openIndex}. */
export interface OpenIndexOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Hears `index.opened`, `index.changed`, `index.checkpoint` and `index.recovery_failed`. @default nobody */
  readonly observer?: Observer | undefined;
  /** How long to wait for another writer to close, in milliseconds. @default 0 */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Gives the records that follow from the artifacts, when index or journal turn out to be damaged. @default none: damage is an error */
  readonly rebuild?: (() => Promise<readonly IndexRecord[]>) | undefined;
  /** @default the machine's locks */
  readonly lockHost?: LockHost | undefined;
  /** @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
  /** How often a recovery that the disk disturbed is tried, at least 1, and the waits in between. @default 3 times, waiting from 100 ms on, doubling, with full jitter */
  readonly resume?: (BackoffOptions & { readonly attempts?: number | undefined }) | undefined;
  /** A number from 0 up to 1, for jitter. @default the machine's */
  readonly jitter?: (() => number) | undefined;
  /** Lets other work run while a checkpoint is written. @default a turn of the event loop */
  readonly breathe?: Breathe | undefined;
}

/**
 * Opens the index of a governed root for writing (IDX-01): one process at a time, everyone else gets a typed error that names it (IDX-04). The journal in
 * `.gov/index/` is the truth and takes one append per change; `artifacts_index.json` is its checkpoint. A crash at any point is recovered here, as the
 * playbook says, and {@link ArtifactIndex.recovery} tells what was done (IDX-02). Nothing is written through a symbolic link that leads out of the root.
 *
 * @throws {@link IndexError} `INDEX_LOCKED` with the writer in `details.owner`; `INDEX_CORRUPT`, `INDEX_STALE` without a `rebuild`; `INDEX_CORRUPT` for a link out of the root; `INDEX_VERSION`;
 * `INDEX_ROOT_MISSING`. Failures of the disk are the `AtomicIoError` they are.
 * @throws RangeError when an option is out of range.
 * @example Index one artifact
 * ```ts
 * import assert from "node:assert/strict";
 * import { openIndex, readIndex } from "@gov/index-writer";
 *
 * const index = await openIndex(".");
 * const digest = `sha256:${"0".repeat(64)}`;
 * await index.put({ path: "plan.md", id: "plan", kind: "plan", version: null, status: "draft", title: null, owners: [], tags: [], digest, size: 7 });
 * await index.checkpoint();
 * await index.close();
 * assert.deepEqual((await readIndex(".")).records.map((record) => record.id), ["plan"]);
 * ```
 */
export async function openIndex(root: string, options: OpenIndexOptions = {}): Promise<ArtifactIndex> {
  return openWith(root, { ...options, force: false });
}

/** Opens an index; `force` rebuilds it whatever its files say. */
export async function openWith(root: string, options: OpenIndexOptions & { readonly force: boolean }): Promise<ArtifactIndex> {
  const { fs = nodeFileSystem, breathe = nodeBreathe, random, rebuild, force } = options;
  const observer = guardedObserver(options.observer);
  const places = placesOf(root);
  await mustBeDirectory(fs, root);
  await mustStandInside(fs, root, places);
  await ensureDirectory(places.directory, { fs });
  const lock = await lockOf(places, { ...options, fs });
  try {
    const recovered = await recoverPatiently({ fs, random, breathe, places, lock, rebuild, force }, { ...options, observer });
    const { replayed, tornBytes, rebuilt } = recovered.recovery;
    observer?.event("index.opened", { count: recovered.records.size, replayed, tornBytes, rebuilt });
    return new IndexHolder({ fs, random, breathe, observer, places, lock, ...recovered });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Every step of the recovery may be done again, so one that the disk disturbed is; damage is no disturbance. */
async function recoverPatiently(input: RecoveryInput, options: OpenIndexOptions): Promise<Recovered> {
  const { resume = {}, jitter = nodeRandom, timers = nodeWaitTimers, signal, observer } = options;
  const attempts = wholeAtLeast(1, resume.attempts ?? 3, "Cannot open an index: attempts");
  backoffWithin(resume, "Cannot open an index");
  for (let attempt = 1; ; attempt++) {
    try {
      return await recover(input);
    } catch (error) {
      if (!isAtomicIoError(error) || permanent.has(error.code) || attempt >= attempts) throw error;
      observer?.event("index.recovery_failed", { attempt, code: error.code });
      await timers.sleep(backoffDelay(attempt, jitter(), resume), signal);
      signal?.throwIfAborted();
    }
  }
}

const permanent: ReadonlySet<string> = new Set(["ATOMIC_IO_JOURNAL_CORRUPT", "ATOMIC_IO_JOURNAL_VERSION", "ATOMIC_IO_NOT_A_FILE"]);

async function mustBeDirectory(fs: FileSystem, root: string): Promise<void> {
  try {
    if ((await fs.stat(root)).kind === "directory") return;
  } catch (error) {
    if (!(error instanceof Error) || (error as { code?: unknown }).code !== "ENOENT") throw diskFailure(error, root, "stat");
  }
  throw new IndexError("INDEX_ROOT_MISSING", `Cannot open an index under "${root}": it is not a directory`, { details: { root } });
}

function lockOf(places: IndexPlaces, options: OpenIndexOptions): Promise<Lock> {
  const { fs, timeoutMs, signal, lockHost: host, timers, random } = options;
  return lockWriter({ lock: places.lock, what: "the index", path: places.index }, { fs, timeoutMs, signal, host, timers, random });
}
