import { AtomicIoError, isAtomicIoError } from "../errors.ts";
import { failed } from "../internal/errno.ts";
import type { HeldFile } from "../internal/held-file.ts";
import type { Observer } from "../observer.ts";
import type { Lease } from "./lease.ts";
import type { LeasePlace } from "./lease-fence.ts";
import { listEpochs, writeStanding } from "./lease-files.ts";
import type { LockOwner, WaitTimers } from "./lock-host.ts";

/** What a holder starts from. */
export interface LeaseStart {
  readonly place: LeasePlace;
  readonly epoch: number;
  readonly fence: HeldFile;
  readonly owner: LockOwner;
  readonly leaseMs: number;
  readonly timers: WaitTimers;
  readonly onLost: ((error: AtomicIoError) => void) | undefined;
  readonly observer: Observer | undefined;
}

const confirmed = Promise.resolve();

/** The holder of a lease: renews it in the background until it is released or lost. */
export class LeaseHolder implements Lease {
  readonly directory: string;
  readonly epoch: number;
  readonly owner: LockOwner;
  readonly #start: LeaseStart;
  readonly #lost = new AbortController();
  readonly #stopped = new AbortController();
  readonly #renewing: Promise<void>;
  #released: Promise<void> | undefined;

  private constructor(start: LeaseStart) {
    this.directory = start.place.directory;
    this.epoch = start.epoch;
    this.owner = start.owner;
    this.#start = start;
    this.#renewing = this.#renew();
  }

  static start(start: LeaseStart): LeaseHolder {
    return new LeaseHolder(start);
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  confirm(): Promise<void> {
    // What is asked after every commit takes no promise of its own when the answer is yes.
    const may = this.#released === undefined && !this.#lost.signal.aborted;
    return may && this.#start.fence.holdsForCertain() ? confirmed : this.#examine();
  }

  async #examine(): Promise<void> {
    this.#lost.signal.throwIfAborted();
    if (this.#released !== undefined) throw this.#lostError("it was released");
    let holds: boolean;
    try {
      holds = await this.#start.fence.holds();
    } catch (error) {
      const { directory } = this;
      throw failed("ATOMIC_IO_READ_FAILED", `Cannot examine the lease "${directory}"`, {
        path: directory,
        step: "its fence",
        cause: error,
      });
    }
    if (!holds) throw this.#lose("someone else has been given it");
  }

  release(): Promise<void> {
    this.#released ??= this.#letGo();
    return this.#released;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** Never rejects: a renewal that fails for other reasons is tried again, and when others take over meanwhile, that is noticed. */
  async #renew(): Promise<void> {
    const { place, timers, leaseMs, epoch, owner } = this.#start;
    while (!this.#stopped.signal.aborted && !this.signal.aborted) {
      await timers.sleep(leaseMs / 4, this.#stopped.signal);
      if (this.#stopped.signal.aborted || this.signal.aborted) return;
      try {
        await this.confirm();
        // Whoever has begun to take over will; to go on until then would only keep them waiting.
        const [highest] = await listEpochs(place);
        if (highest !== epoch) throw this.#lose(`epoch ${String(highest ?? "none")} stands above ${epoch}`);
        await writeStanding(place, { epoch, owner, released: false });
      } catch (error) {
        if (isAtomicIoError(error) && error.code === "ATOMIC_IO_LEASE_LOST") return;
      }
    }
  }

  async #letGo(): Promise<void> {
    this.#stopped.abort();
    await this.#renewing;
    const { place, epoch, owner, fence } = this.#start;
    if (this.signal.aborted) return fence.release();
    // Where someone has gone on meanwhile, this changes a file that no longer counts.
    try {
      await writeStanding(place, { epoch, owner, released: true });
    } finally {
      await fence.release();
    }
  }

  #lose(why: string): AtomicIoError {
    const { onLost, observer } = this.#start;
    const error = this.#lostError(why);
    if (this.signal.aborted) return error;
    observer?.event("lease.lost", { path: this.directory, epoch: this.epoch });
    this.#lost.abort(error);
    void this.#start.fence.release();
    try {
      onLost?.(error);
    } catch {
      // Whoever waits for a confirmation must learn of the loss, whatever the listener does.
    }
    return error;
  }

  #lostError(why: string): AtomicIoError {
    return new AtomicIoError("ATOMIC_IO_LEASE_LOST", `Cannot acknowledge under the lease "${this.directory}": ${why}`, {
      details: { path: this.directory, epoch: this.epoch },
      hint: "take the lease again and look what the holders since have written",
    });
  }
}
