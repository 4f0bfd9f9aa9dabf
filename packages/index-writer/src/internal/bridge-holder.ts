import { type FileSystem, type RandomBytes, replaceFile } from "@gov/atomic-io";
import type { Journal } from "@gov/atomic-io/journal";
import type { Lock } from "@gov/atomic-io/lock";
import type { JsonValue } from "@gov/schema";
import { canonicalJson, type Digest, digestBytes } from "@gov/schema/canonical";
import type { Bridge, BridgeHealth, DeadLetter, DrainReport } from "../bridge/bridge.ts";
import type { CircuitBreaker } from "../bridge/circuit-breaker.ts";
import { IndexError } from "../errors.ts";
import type { Observer } from "../observer.ts";
import { type Delivery, deliverPending } from "./bridge-delivery.ts";
import { applyBridgeChange, type BridgeChange, bridgeLag, type BridgeState, encodeBridgeChange, renderBridge } from "./bridge-state.ts";

/** What a holder of a bridge starts from: everything recovered, and the ports it works with. */
export interface BridgeStart extends Omit<Delivery, "state" | "commit" | "attempts" | "failures"> {
  readonly fs: FileSystem;
  readonly fileRandom: RandomBytes | undefined;
  readonly observer: Observer | undefined;
  readonly snapshotPath: string;
  readonly lock: Lock;
  readonly journal: Journal;
  readonly state: BridgeState;
  /** Journal records behind the snapshot that it came from. */
  readonly replayed: number;
  readonly breaker: CircuitBreaker;
  readonly maxPending: number;
  readonly maxPendingBytes: number;
  /** Journal records after which a snapshot is taken and the journal cut. */
  readonly snapshotEvery: number;
}

/** An entry on its way into the journal. */
interface Underway {
  readonly seq: number;
  readonly digest: Digest;
  readonly done: Promise<void>;
}

/** How many attempts the error rate looks back on. */
const attemptWindow = 100;

/** What an entry may take in the journal, whose commits end at 256 MiB. */
const maxEntryBytes = 255 * 1024 * 1024;

/** The one holder of a bridge: the journal has every change, the state what was acknowledged. */
export class BridgeHolder implements Bridge {
  readonly #start: BridgeStart;
  readonly #state: BridgeState;
  readonly #underway = new Map<string, Underway>();
  #nextSeq: number;
  #reservedBytes = 0;
  #attempts: readonly boolean[] = [];
  readonly #failures = new Map<number, readonly string[]>();
  #lastCommit: Promise<void> = Promise.resolve();
  /** The journal may already be further: what it holds beyond is not in the state yet. */
  #appliedSeq: number;
  #recordsSinceSnapshot: number;
  #draining: Promise<DrainReport> | null = null;
  #closed: Promise<void> | undefined;

  constructor(start: BridgeStart) {
    this.#start = start;
    this.#state = start.state;
    this.#nextSeq = start.state.lastSeq + 1;
    this.#appliedSeq = start.journal.lastSeq;
    this.#recordsSinceSnapshot = start.replayed;
  }

  async append(id: string, payload: JsonValue): Promise<{ readonly seq: number; readonly duplicate: boolean }> {
    this.#mustBeOpen();
    if (typeof id !== "string" || id === "" || id.length > 256 || /\p{Cs}/u.test(id))
      throw new RangeError("Cannot append to the bridge: an id has 1 to 256 well-formed characters");
    const text = canonicalJson(payload);
    const digest = digestBytes(text);
    const known = this.#underway.get(id) ?? this.#state.ids.get(id);
    if (known !== undefined) {
      if (known.digest !== digest)
        throw new IndexError("INDEX_BRIDGE_CONFLICT", `Cannot append "${id}": it was accepted as entry ${known.seq} with other content`, {
          details: { id, seq: known.seq },
          hint: "give other content an id of its own",
        });
      if ("done" in known) await known.done;
      return { seq: known.seq, duplicate: true };
    }
    const bytes = Buffer.byteLength(text, "utf8");
    this.#mustFit(id, bytes);
    if (bytes > maxEntryBytes)
      throw new RangeError(`Cannot append "${id}": its payload has ${bytes} bytes, at most ${maxEntryBytes} are possible`);
    const seq = this.#nextSeq++;
    this.#reservedBytes += bytes;
    // A copy: what is delivered is what was accepted, whatever the caller does with its own meanwhile.
    const done = this.#commit({ op: "append", seq, id, payload: JSON.parse(text) as JsonValue });
    this.#underway.set(id, { seq, digest, done });
    try {
      await done;
    } finally {
      this.#underway.delete(id);
      this.#reservedBytes -= bytes;
    }
    return { seq, duplicate: false };
  }

  drain(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<DrainReport> {
    this.#mustBeOpen();
    this.#draining ??= this.#drain(options.signal).finally(() => (this.#draining = null));
    return this.#draining;
  }

  deadLetters(): readonly DeadLetter[] {
    return [...this.#state.dead.values()].sort((a, b) => a.seq - b.seq);
  }

  async redrive(seqs?: readonly number[]): Promise<number> {
    this.#mustBeOpen();
    const chosen = this.deadLetters()
      .map(({ seq }) => seq)
      .filter((seq) => seqs === undefined || seqs.includes(seq));
    if (chosen.length > 0) await this.#commit({ op: "redrive", seqs: chosen });
    return chosen.length;
  }

  health(): BridgeHealth {
    const { pending, dead, pendingBytes } = this.#state;
    const failed = this.#attempts.filter((succeeded) => !succeeded).length;
    return {
      depth: pending.size,
      pendingBytes,
      lag: bridgeLag(this.#state),
      deadLetters: dead.size,
      breaker: this.#start.breaker.state(),
      errorRate: this.#attempts.length === 0 ? 0 : failed / this.#attempts.length,
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #drain(signal: AbortSignal | undefined): Promise<DrainReport> {
    const report = await deliverPending({
      ...this.#start,
      state: this.#state,
      failures: this.#failures,
      commit: (change) => this.#commit(change),
      attempts: (succeeded) => (this.#attempts = [...this.#attempts, succeeded].slice(-attemptWindow)),
      signal,
    });
    if (this.#recordsSinceSnapshot >= this.#start.snapshotEvery) await this.#snapshot();
    this.#start.observer?.event("bridge.drained", { ...report, depth: this.#state.pending.size });
    return report;
  }

  /** Appends a change and applies it in the order of the journal once it is durable. */
  #commit(change: BridgeChange): Promise<void> {
    const written = this.#start.journal.append([encodeBridgeChange(change)]);
    const done = Promise.all([this.#lastCommit, written]).then(([, { lastSeq }]) => {
      applyBridgeChange(this.#state, change);
      this.#appliedSeq = lastSeq;
      this.#recordsSinceSnapshot += 1;
    });
    // A failure is told to whoever asked; afterwards the journal refuses everything, so the order stays true.
    this.#lastCommit = done.catch(() => undefined);
    return done;
  }

  async #snapshot(): Promise<void> {
    const { fs, fileRandom, journal, snapshotPath } = this.#start;
    // The state and the position it stands at, in one turn; what is committed from here on stays in the journal behind it.
    const journalSeq = this.#appliedSeq;
    const text = renderBridge(this.#state, journalSeq);
    await replaceFile(snapshotPath, text, { fs, random: fileRandom });
    await journal.rotate(journalSeq + 1);
    this.#recordsSinceSnapshot = 0;
  }

  async #close(): Promise<void> {
    await this.#draining?.catch(() => undefined);
    await this.#lastCommit;
    try {
      await this.#start.journal.close();
    } finally {
      await this.#start.lock.release();
    }
  }

  #mustFit(id: string, bytes: number): void {
    const { maxPending, maxPendingBytes } = this.#start;
    const depth = this.#state.pending.size + this.#underway.size;
    const used = this.#state.pendingBytes + this.#reservedBytes;
    if (depth < maxPending && used + bytes <= maxPendingBytes) return;
    throw new IndexError("INDEX_BRIDGE_FULL", `Cannot append "${id}": ${depth} entries of ${used} bytes are waiting`, {
      details: { depth, pendingBytes: used, maxPending, maxPendingBytes },
      hint: "drain the bridge, then append again",
    });
  }

  #mustBeOpen(): void {
    if (this.#closed !== undefined) throw new IndexError("INDEX_CLOSED", "Cannot use the bridge: it is closed");
  }
}
