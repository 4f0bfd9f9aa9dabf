import type { WaitTimers } from "@gov/atomic-io/lock";
import type { JsonValue } from "@gov/schema";
import { backoffDelay, type BackoffOptions } from "../../bridge/backoff.ts";
import { IndexError, type IndexErrorCode, isIndexError } from "../../errors.ts";
import type { Observer } from "../../observer.ts";
import type { CommittedEntry, IndexStore, StoreLease } from "../../store/index-store.ts";
import type { StoreWriter } from "../../store/store-writer.ts";
import { type PreparedEntry, prepareEntries, uncertain } from "./entry-codec.ts";

/** What a writer works with. */
export interface StoreWriterStart {
  readonly store: IndexStore;
  readonly timers: WaitTimers;
  readonly random: () => number;
  readonly backoff: BackoffOptions;
  readonly observer: Observer | undefined;
  readonly maxBatch: number;
  readonly commitsPerLease: number;
  readonly lingerMs: number;
  readonly maxPending: number;
  readonly timeoutMs: number;
}

interface Waiting {
  readonly id: string;
  readonly payload: JsonValue;
  readonly bytes: number;
  readonly untilMs: number;
  readonly resolve: (placed: CommittedEntry) => void;
  readonly reject: (error: unknown) => void;
}

// What one commit takes at most, unless a single entry is larger: many large ones together are more than a record takes at once.
const batchBytes = 8 * 1024 * 1024;

/** What no waiting mends: whoever appends is told at once, and why. */
const lasting: ReadonlySet<IndexErrorCode> = new Set<IndexErrorCode>(["INDEX_CLOSED", "INDEX_CORRUPT", "INDEX_VERSION"]);

interface Held {
  readonly lease: StoreLease;
  seq: number;
  commits: number;
}

/** One loop that commits what waits, alive while something waits or the lease is held. */
export class StoreWriterHolder implements StoreWriter {
  readonly #start: StoreWriterStart;
  #waiting: Waiting[] = [];
  #held: Held | null = null;
  #active = false;
  #running: Promise<void> = Promise.resolve();
  #wake: AbortController | null = null;
  #closed: Promise<void> | undefined;

  constructor(start: StoreWriterStart) {
    this.#start = start;
  }

  async append(id: string, payload: JsonValue): Promise<CommittedEntry> {
    const { maxPending, timers, timeoutMs } = this.#start;
    if (this.#closed !== undefined) throw new IndexError("INDEX_CLOSED", "Cannot append: the writer is closed");
    const [{ text }] = prepareEntries([{ id, payload }]) as [PreparedEntry];
    if (this.#waiting.length >= maxPending)
      throw new IndexError("INDEX_BRIDGE_FULL", `Cannot append "${id}": ${this.#waiting.length} entries are waiting`, {
        details: { depth: this.#waiting.length, maxPending },
        hint: "wait for some of them, then append again",
      });
    return new Promise((resolve, reject) => {
      // A copy: what is committed is what was appended, whatever the caller does with its own meanwhile.
      const copy = { id, payload: JSON.parse(text) as JsonValue, bytes: Buffer.byteLength(text, "utf8") };
      this.#waiting.push({ ...copy, untilMs: timers.monotonicMs() + timeoutMs, resolve, reject });
      this.#wake?.abort();
      if (this.#active) return;
      this.#active = true;
      this.#running = this.#run();
    });
  }

  pending(): number {
    return this.#waiting.length;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#wake?.abort();
    while (this.#active) await this.#running;
    await this.#letGo();
  }

  async #run(): Promise<void> {
    // What is appended in the same turn shares the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#commitAll();
      await this.#letGo();
    }
    // In the same turn as the last look: whoever appends from here on begins anew.
    this.#active = false;
  }

  async #commitAll(): Promise<void> {
    let failures = 0;
    while (this.#waiting.length > 0) {
      try {
        const held = await this.#lease();
        await this.#commit(held, this.#batch());
        failures = 0;
        if (held.commits >= this.#start.commitsPerLease) await this.#letGo();
        else if (this.#waiting.length === 0) await this.#linger();
      } catch (error) {
        failures += 1;
        await this.#recover(error, failures);
      }
    }
  }

  /** What the next commit takes: at least one entry. */
  #batch(): readonly Waiting[] {
    let bytes = 0;
    const end = this.#waiting.findIndex((each, at) => at >= this.#start.maxBatch || ((bytes += each.bytes) > batchBytes && at > 0));
    return end === -1 ? this.#waiting.slice() : this.#waiting.slice(0, end);
  }

  async #lease(): Promise<Held> {
    if (this.#held?.lease.signal.aborted === true) await this.#letGo();
    if (this.#held === null) {
      const { store, timers } = this.#start;
      const untilMs = this.#waiting.reduce((soonest, { untilMs: its }) => Math.min(soonest, its), Infinity);
      const lease = await store.acquire({ timeoutMs: Math.max(0, untilMs - timers.monotonicMs()) });
      this.#held = { lease, seq: lease.seq, commits: 0 };
    }
    return this.#held;
  }

  async #commit(held: Held, batch: readonly Waiting[]): Promise<void> {
    const { store, observer } = this.#start;
    const placed = await store.commit({ epoch: held.lease.epoch, expectedSeq: held.seq, entries: batch });
    const added = placed.filter(({ duplicate }) => !duplicate).length;
    held.seq += added;
    held.commits += 1;
    this.#waiting = this.#waiting.slice(batch.length);
    batch.forEach((each, at) => each.resolve(placed[at] as CommittedEntry));
    observer?.event("store.committed", { entries: batch.length, added, seq: held.seq, epoch: held.lease.epoch });
  }

  /** Waits for the next entry for a while, so that a client that writes one after the other pays for one lease. */
  async #linger(): Promise<void> {
    if (this.#closed !== undefined || this.#start.lingerMs <= 0) return;
    this.#wake = new AbortController();
    await this.#start.timers.sleep(this.#start.lingerMs, this.#wake.signal).catch(() => undefined);
    this.#wake = null;
  }

  async #recover(error: unknown, failures: number): Promise<void> {
    const { timers, random, backoff, observer } = this.#start;
    const code = isIndexError(error) ? error.code : null;
    if (code === "INDEX_ID_CONFLICT" && isIndexError(error)) {
      // One entry is wrong, the others of its batch are not.
      const wrong = this.#waiting[error.details["index"] as number];
      this.#settle(
        (each) => each === wrong,
        () => error,
      );
      return;
    }
    observer?.event("store.failed", { code: code ?? "unknown", failures });
    await this.#letGo();
    if (code !== null && lasting.has(code))
      this.#settle(
        () => true,
        () => error,
      );
    const now = timers.monotonicMs();
    this.#settle(
      ({ untilMs }) => untilMs <= now,
      () => uncertain(error),
    );
    if (this.#waiting.length > 0 && code !== "INDEX_SUPERSEDED" && code !== "INDEX_SEQUENCE_CONFLICT")
      await timers.sleep(backoffDelay(failures, random(), backoff));
  }

  #settle(concerns: (waiting: Waiting) => boolean, error: () => unknown): void {
    const settled = this.#waiting.filter(concerns);
    this.#waiting = this.#waiting.filter((each) => !settled.includes(each));
    for (const { reject } of settled) reject(error());
  }

  async #letGo(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    // A lease that cannot be released runs out.
    await held?.lease.release().catch(() => undefined);
  }
}
