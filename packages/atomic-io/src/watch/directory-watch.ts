import { guardedObserver } from "../guarded-observer.ts";
import { AsyncLocalStorage } from "node:async_hooks";
import type { FileStat } from "../file-system.ts";
import { inDirectory } from "../internal/directory.ts";
import { failed } from "../internal/errno.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { nodeOwnerHost } from "../node-owner-host.ts";
import { nodeWaitTimers } from "../lock/node-wait-timers.ts";
import type { Watch, WatchOptions } from "./file-change.ts";
import { nodeWatchSource } from "./node-watch-source.ts";
import { Subscription } from "./subscription.ts";
import { fileOf, identityOf, isWatched, listWatched, statWatched, type WatchedNames } from "./watched-names.ts";

/** Options with their defaults, checked. */
type Settings = {
  readonly [K in "onChange" | "writing" | "settleMs" | "maxDelayMs" | "pollMs" | "fs" | "source" | "timers" | "now"]: NonNullable<
    WatchOptions[K]
  >;
} & Pick<WatchOptions, "onError" | "observer" | "signal">;

/** Checks options and fills in the defaults. */
export function watchSettingsOf(options: WatchOptions): Settings {
  const { writing = "rename", settleMs = 50, maxDelayMs = 2000, pollMs = 1000 } = options;
  const { fs = nodeFileSystem, source = nodeWatchSource, timers = nodeWaitTimers, now = nodeOwnerHost.now } = options;
  const { onChange, onError, signal } = options;
  const observer = guardedObserver(options.observer);
  if (typeof onChange !== "function") throw new TypeError("Cannot watch without onChange: a function is required");
  if (writing !== "rename" && writing !== "in_place")
    throw new RangeError(`Cannot watch writing "${String(writing)}": it must be "rename" or "in_place"`);
  for (const [name, ms] of Object.entries({ settleMs, maxDelayMs, pollMs }))
    if (typeof ms !== "number" || !(ms > 0)) throw new RangeError(`Cannot watch with ${name} ${String(ms)}: it must be more than 0`);
  return { writing, settleMs, maxDelayMs, pollMs, fs, source, timers, now, onChange, onError, observer, signal };
}

/** Examines names when told to, and delivers those whose state is another than the one delivered last. */
export class DirectoryWatch implements Watch {
  readonly #names: WatchedNames;
  readonly #settings: Settings;
  readonly #subscription: Subscription;
  readonly #delivered = new Map<string, Delivered>();
  readonly #stopped = new AbortController();
  /** Names to examine, and how often each was told of so far. */
  #told = new Map<string, number>();
  #all = true;
  #running: Promise<void> = Promise.resolve();
  #closed: Promise<unknown> | undefined;
  #polling: Promise<void> = Promise.resolve();

  private constructor(names: WatchedNames, settings: Settings) {
    this.#names = names;
    this.#settings = settings;
    this.#subscription = new Subscription(names.directory, { ...settings, observer: settings.observer }, (name) => this.#hear(name));
  }

  /** Subscribes, delivers what is there, and goes on until it is closed. */
  static async open(names: WatchedNames, settings: Settings): Promise<DirectoryWatch> {
    settings.signal?.throwIfAborted();
    const watch = new DirectoryWatch(names, settings);
    // First of all, since what is delivered next may lead to it.
    settings.signal?.addEventListener("abort", () => void watch.close(), { once: true, signal: watch.#stopped.signal });
    // Before the first look, so that nothing falls between the two.
    await watch.#subscription.renew();
    await watch.rescan();
    watch.#polling = watch.#poll();
    return watch;
  }

  async rescan(): Promise<void> {
    this.#all = true;
    const examined = this.#examine();
    if (!this.#isInListener) await examined;
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    this.#subscription.end();
    this.#closed ??= Promise.all([this.#polling, this.#running]);
    if (!this.#isInListener) await this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** True for what the listener itself calls before its promise has resolved: it would wait for its own end. */
  get #isInListener(): boolean {
    const delivery = deliveries.getStore();
    return delivery?.to === this && delivery.isUnderWay;
  }

  get #isClosed(): boolean {
    return this.#stopped.signal.aborted;
  }

  #hear(name: string | null): void {
    if (this.#isClosed) return;
    if (name === null) {
      this.#all = true;
      this.#settings.observer?.event("watch.rescan", { path: this.#names.directory, reason: "events were dropped" });
    } else if (isWatched(this.#names, name)) this.#told.set(name, (this.#told.get(name) ?? 0) + 1);
    else return;
    void this.#examine();
  }

  async #poll(): Promise<void> {
    const { timers, pollMs, observer } = this.#settings;
    while (!this.#isClosed) {
      await timers.sleep(pollMs, this.#stopped.signal);
      if (this.#isClosed) return;
      if (await this.#subscription.renew()) observer?.event("watch.rescan", { path: this.#names.directory, reason: "subscribed anew" });
      await this.rescan();
    }
  }

  /** One examination at a time; what is told of meanwhile is examined in the next. */
  #examine(): Promise<void> {
    const run = this.#running.then(() => this.#examineTold());
    this.#running = run;
    return run;
  }

  async #examineTold(): Promise<void> {
    const [told, all] = [this.#told, this.#all];
    // Before the list is made: what comes while it is being made may not be in it.
    this.#all = false;
    this.#told = new Map();
    const names = all ? await this.#listed() : [...told.keys()].sort();
    for (const name of names) {
      if (this.#isClosed) return;
      await this.#examineOne(name, told.has(name));
    }
  }

  async #listed(): Promise<readonly string[]> {
    try {
      return await listWatched(this.#names, this.#delivered.keys());
    } catch (error) {
      this.#report(this.#names.directory, "listing it", error);
      return [];
    }
  }

  async #examineOne(name: string, told: boolean): Promise<void> {
    const path = inDirectory(this.#names.directory, name);
    let stat: FileStat | null;
    try {
      stat = await statWatched(this.#names, name);
      if (this.#settings.writing === "in_place") stat = await this.#settled(name, stat);
    } catch (error) {
      this.#report(path, "examining it", error);
      return;
    }
    const delivered = this.#delivered.get(name);
    const before = delivered?.stat ?? null;
    if (this.#isClosed || (identityOf(stat) === identityOf(before) && !(told && delivered?.fresh === true))) return;
    if (stat === null) this.#delivered.delete(name);
    else this.#delivered.set(name, { stat, fresh: isFresh(stat, this.#settings.now()) });
    const delivery: Delivery = { to: this, isUnderWay: true };
    const change = { path, stat, replaced: fileOf(stat) !== fileOf(before) };
    try {
      await deliveries.run(delivery, () => this.#settings.onChange(change));
    } catch (error) {
      this.#report(path, "the listener", error);
    } finally {
      delivery.isUnderWay = false;
    }
  }

  /** Waits until the file has not changed for a while, but not for ever. */
  async #settled(name: string, seen: FileStat | null): Promise<FileStat | null> {
    const { timers, settleMs, maxDelayMs } = this.#settings;
    if (identityOf(seen) === identityOf(this.#delivered.get(name)?.stat ?? null) && !this.#told.has(name)) return seen;
    const since = timers.monotonicMs();
    for (let stat = seen; ;) {
      await timers.sleep(settleMs, this.#stopped.signal);
      const again = await statWatched(this.#names, name);
      if (this.#isClosed || identityOf(again) === identityOf(stat) || timers.monotonicMs() - since >= maxDelayMs) return again;
      stat = again;
    }
  }

  #report(path: string, step: string, cause: unknown): void {
    try {
      this.#settings.onError?.(failed("ATOMIC_IO_READ_FAILED", `Cannot watch "${path}"`, { path, step, cause }));
    } catch {
      // Nobody is left to be told.
    }
  }
}

/** One call of a listener, as everything sees it that is called from there. */
interface Delivery {
  readonly to: DirectoryWatch;
  isUnderWay: boolean;
}

const deliveries = new AsyncLocalStorage<Delivery>();

interface Delivered {
  readonly stat: FileStat;
  readonly fresh: boolean;
}

// The coarsest clock of a file system that is supported.
const tickMs = 20;

/**
 * True when the file could be written once more, or exchanged for one that got the inode number of its predecessor, and look the same: within one tick of the
 * file system's clock. An event that comes then is believed although nothing seems to have changed.
 */
function isFresh({ modifiedNs, changedNs }: FileStat, nowMs: number): boolean {
  return nowMs - Number((modifiedNs > changedNs ? modifiedNs : changedNs) / 1_000_000n) < tickMs;
}
