import { type FileSystem, isAtomicIoError, type RandomBytes } from "@gov/atomic-io";
import { type Journal, openJournal, readJournal } from "@gov/atomic-io/journal";
import { acquireLease, type AcquireLeaseOptions, type Lease, type WaitTimers } from "@gov/atomic-io/lock";
import { IndexError } from "../../errors.ts";
import type { AcquireOptions, CommittedEntry, IndexStore, StoreCommit, StoredEntry, StoreLease } from "../../store/index-store.ts";
import { decodeEntry, encodeEntry, placeEntries, prepareEntries, sequenceConflict, superseded, uncertain } from "./entry-codec.ts";
import { KnownEntries } from "./known-entries.ts";

/** Where a file store stands and what it works with. */
export interface FileStoreStart {
  readonly leaseDirectory: string;
  readonly journalDirectory: string;
  readonly lease: AcquireLeaseOptions;
  readonly timers: WaitTimers;
  readonly fs: FileSystem;
  readonly random: RandomBytes | undefined;
}

interface Held {
  readonly lease: Lease;
  readonly journal: Journal;
  /** The last sequence number when it was taken. */
  readonly seq: number;
}

/** The record in files: what the lease allows, the journal's fence enforces. */
export class FileStore implements IndexStore {
  readonly #start: FileStoreStart;
  readonly #known = new KnownEntries();
  #held: Held | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | null = null;

  constructor(start: FileStoreStart) {
    this.#start = start;
  }

  async acquire({ timeoutMs = 0, signal }: AcquireOptions = {}): Promise<StoreLease> {
    this.#mustBeOpen();
    const { timers, leaseDirectory } = this.#start;
    const until = timers.monotonicMs() + timeoutMs;
    for (;;) {
      // Not in turn: who holds the lease may have it from this very store, and has to commit and let go meanwhile.
      const lease = await this.#lease({ timeoutMs: Math.max(0, until - timers.monotonicMs()), signal });
      const held = await this.#inTurn(() => this.#take(lease)).catch(async (error: unknown) => {
        await lease.release();
        throw error;
      });
      if (held !== null)
        return {
          epoch: lease.epoch,
          seq: held.seq,
          signal: lease.signal,
          // A store lets go of it when it closes.
          release: () => this.#closing ?? this.#inTurn(() => this.#letGo(held)),
        };
      if (timers.monotonicMs() >= until)
        throw new IndexError("INDEX_LOCKED", `Cannot take the lease "${leaseDirectory}": another writer was faster`, {
          details: { path: leaseDirectory },
          hint: "wait longer",
        });
    }
  }

  async commit(commit: StoreCommit): Promise<readonly CommittedEntry[]> {
    const entries = prepareEntries(commit.entries);
    return this.#inTurn(() => this.#commit(entries, commit));
  }

  async lastSeq(): Promise<number> {
    this.#mustBeOpen();
    return this.#held?.journal.lastSeq ?? (await this.#readJournal()).lastSeq;
  }

  async *read(fromSeq = 1): AsyncGenerator<StoredEntry, void, undefined> {
    this.#mustBeOpen();
    const journal = await this.#readJournal();
    try {
      for await (const { seq, data } of journal.read(fromSeq)) yield decodeEntry(data, seq);
    } catch (error) {
      throw unreadable(error);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#last.catch(() => undefined);
    if (this.#held !== null) await this.#letGo(this.#held);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #readJournal(): ReturnType<typeof readJournal> {
    return readJournal(this.#start.journalDirectory, { fs: this.#start.fs }).catch((error: unknown) => {
      throw unreadable(error);
    });
  }

  async #lease(options: AcquireOptions): Promise<Lease> {
    try {
      return await acquireLease(this.#start.leaseDirectory, { ...this.#start.lease, ...options });
    } catch (error) {
      if (!isAtomicIoError(error) || error.code !== "ATOMIC_IO_LOCK_HELD") throw error;
      throw new IndexError("INDEX_LOCKED", `Cannot write to the record: ${error.message}`, {
        cause: error,
        details: error.details,
        hint: error.hint,
      });
    }
  }

  /** Opens the journal, which fences its holder off, and reads what is not known yet; null when the lease was lost meanwhile. */
  async #take(lease: Lease): Promise<Held | null> {
    const { fs, random, journalDirectory } = this.#start;
    // Whoever held the older lease has lost it.
    if (this.#held !== null) await this.#letGo(this.#held);
    let journal: Journal | null = null;
    try {
      const { onCommit, take } = this.#known.listen();
      journal = await openJournal(journalDirectory, { fs, random, onCommit });
      take();
      // Fencing off a holder with a higher epoch would do no harm but to its patience: it opens the journal again.
      await lease.confirm();
      this.#held = { lease, journal, seq: journal.lastSeq };
      return this.#held;
    } catch (error) {
      await journal?.close();
      await lease.release();
      if (isAtomicIoError(error) && error.code === "ATOMIC_IO_LEASE_LOST") return null;
      throw unreadable(error);
    }
  }

  async #commit(entries: ReturnType<typeof prepareEntries>, { epoch, expectedSeq }: StoreCommit): Promise<readonly CommittedEntry[]> {
    const held = this.#held;
    if (held === null || held.lease.epoch !== epoch) throw superseded(epoch);
    const { journal, lease } = held;
    try {
      // A duplicate is an answer too: it may not come from a record that others have taken further.
      await lease.confirm();
      if (journal.lastSeq !== expectedSeq) throw sequenceConflict(expectedSeq, journal.lastSeq);
      const { fresh, placed } = placeEntries(entries, { lastSeq: journal.lastSeq, known: (id) => this.#known.get(id) });
      if (fresh.length === 0) return placed;
      const { firstSeq } = await journal.append(fresh.map((entry) => encodeEntry(entry, epoch)));
      fresh.forEach(({ id, digest }, at) => this.#known.add(id, { seq: firstSeq + at, digest }));
      // Whoever took a higher epoch before now reads these entries; they are there, and not acknowledged to this writer.
      await lease.confirm();
      return placed;
    } catch (error) {
      if (!isAtomicIoError(error)) throw error;
      // Whatever was written: it is not acknowledged, and whoever comes next reads the journal.
      await this.#letGo(held);
      const taken = error.code === "ATOMIC_IO_LEASE_LOST" || error.code === "ATOMIC_IO_JOURNAL_SUPERSEDED";
      throw taken ? superseded(epoch, error) : uncertain(error);
    }
  }

  async #letGo(held: Held): Promise<void> {
    if (this.#held === held) this.#held = null;
    await held.journal.close();
    await held.lease.release();
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#mustBeOpen();
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }

  #mustBeOpen(): void {
    if (this.#closing !== null) throw new IndexError("INDEX_CLOSED", "Cannot use the record: it is closed");
  }
}

/** Why the journal of a record cannot be read, in the words of every record; any other error as it is. */
function unreadable(error: unknown): unknown {
  if (!isAtomicIoError(error)) return error;
  const { details, hint } = error;
  if (error.code === "ATOMIC_IO_JOURNAL_CORRUPT")
    return new IndexError("INDEX_CORRUPT", "Cannot read the record: its journal is damaged", { cause: error, details, hint });
  if (error.code === "ATOMIC_IO_JOURNAL_VERSION")
    return new IndexError("INDEX_VERSION", "Cannot read the record: its journal is of another version", { cause: error, details, hint });
  return error;
}
