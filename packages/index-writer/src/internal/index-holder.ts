import type { FileSystem, RandomBytes } from "@gov/atomic-io";
import type { Journal } from "@gov/atomic-io/journal";
import type { Lock } from "@gov/atomic-io/lock";
import type { ArtifactIndex, CheckpointResult, IndexRecovery } from "../artifact-index.ts";
import { IndexError } from "../errors.ts";
import { checkRecord, type IndexRecord } from "../index-record.ts";
import type { Observer } from "../observer.ts";
import type { Breathe } from "../scan/scan-file-system.ts";
import { fitsQuery, type IndexQuery } from "../query.ts";
import { applyChange, encodeChange, type IndexChange } from "./change.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import type { IndexPlaces } from "./layout.ts";
import type { Checkpoint } from "./position.ts";
import { lineOf } from "./record-line.ts";
import type { RecordStore } from "./record-store.ts";

/** What a holder starts from: everything recovered. */
export interface HolderStart {
  readonly fs: FileSystem;
  readonly random: RandomBytes | undefined;
  readonly breathe: Breathe;
  readonly observer: Observer | undefined;
  readonly places: IndexPlaces;
  readonly lock: Lock;
  readonly journal: Journal;
  readonly records: RecordStore;
  readonly checkpoint: Checkpoint;
  /** False as long as there is no index file. */
  readonly onDisk: boolean;
  readonly recovery: IndexRecovery;
}

/** The one writer of an index: the journal holds every change, the map holds what was acknowledged. */
export class IndexHolder implements ArtifactIndex {
  readonly recovery: IndexRecovery;
  readonly #start: HolderStart;
  readonly #records: RecordStore;
  /**
   * How many changes of a path are on their way or have failed: what is not acknowledged makes no other change superfluous, and what a failed one has left in the
   * journal only the next opening tells.
   */
  readonly #underway = new Map<string, number>();
  #sorted: readonly IndexRecord[] | undefined;
  #checkpointing: Promise<unknown> = Promise.resolve();
  #checkpoint: Checkpoint;
  #onDisk: boolean;
  /** The journal may already be further: what it holds beyond is not in the map yet. */
  #appliedSeq: number;
  #closed: Promise<void> | undefined;

  constructor(start: HolderStart) {
    this.#start = start;
    this.#records = start.records;
    this.#checkpoint = start.checkpoint;
    this.#onDisk = start.onDisk;
    this.#appliedSeq = start.journal.lastSeq;
    this.recovery = start.recovery;
  }

  put(...records: readonly IndexRecord[]): Promise<void> {
    return this.change({ put: records });
  }

  remove(...paths: readonly string[]): Promise<void> {
    return this.change({ remove: paths });
  }

  async change(wanted: {
    readonly put?: readonly IndexRecord[] | undefined;
    readonly remove?: readonly string[] | undefined;
  }): Promise<void> {
    const lines = (wanted.put ?? []).map((record) => [record.path, lineOf(checkRecord(record))] as const);
    this.#mustBeOpen();
    const changes = new Map<string, IndexChange>();
    const plan = (path: string, line: string | null): void => {
      if (changes.has(path) || !this.#says(path, line)) changes.set(path, { path, line });
    };
    for (const path of wanted.remove ?? []) plan(path, null);
    for (const [path, line] of lines) plan(path, line);
    if (changes.size > 0) await this.#append([...changes.values()]);
  }

  get(path: string): IndexRecord | undefined {
    return this.#records.get(path);
  }

  list(): readonly IndexRecord[] {
    return (this.#sorted ??= Object.freeze(this.#records.records()));
  }

  query(query: IndexQuery): readonly IndexRecord[] {
    return this.list().filter((record) => fitsQuery(record, query));
  }

  checkpoint(): Promise<CheckpointResult> {
    this.#mustBeOpen();
    const run = this.#checkpointing.then(() => this.#writeCheckpoint());
    this.#checkpointing = run.catch(() => undefined);
    return run;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #append(changes: readonly IndexChange[]): Promise<void> {
    const { journal, observer } = this.#start;
    for (const { path } of changes) this.#underway.set(path, (this.#underway.get(path) ?? 0) + 1);
    const { lastSeq } = await journal.append(changes.map(encodeChange)).catch((error: unknown) => {
      if (!(error instanceof RangeError)) throw error;
      // Refused before anything was taken, so there is nothing that only the next opening tells.
      for (const { path } of changes) this.#landed(path);
      throw tooLarge(changes.length, error);
    });
    for (const change of changes) {
      applyChange(this.#records, change);
      this.#landed(change.path);
    }
    this.#appliedSeq = lastSeq;
    this.#sorted = undefined;
    observer?.event("index.changed", { changes: changes.length, seq: lastSeq });
  }

  /** True when a path is known to stand as wanted. */
  #says(path: string, line: string | null): boolean {
    return !this.#underway.has(path) && (this.#records.line(path) ?? null) === line;
  }

  #landed(path: string): void {
    const left = (this.#underway.get(path) ?? 0) - 1;
    if (left > 0) this.#underway.set(path, left);
    else this.#underway.delete(path);
  }

  async #writeCheckpoint(): Promise<CheckpointResult> {
    const { journal, observer } = this.#start;
    // Taken together: what is acknowledged from here on stays in the journal behind this position.
    const seq = this.#appliedSeq;
    if (this.#onDisk && seq === this.#checkpoint.seq) return { count: this.#records.size, digest: this.#checkpoint.digest, written: false };
    const { count, digest } = await writeCheckpoint(this.#start, { records: this.#records, seq, before: this.#checkpoint });
    this.#checkpoint = { digest, seq };
    this.#onDisk = true;
    await journal.rotate(seq + 1);
    observer?.event("index.checkpoint", { count, digest: this.#checkpoint.digest, seq });
    return { count, digest: this.#checkpoint.digest, written: true };
  }

  async #close(): Promise<void> {
    await this.#checkpointing;
    try {
      await this.#start.journal.close();
    } finally {
      await this.#start.lock.release();
    }
  }

  #mustBeOpen(): void {
    if (this.#closed !== undefined) throw new IndexError("INDEX_CLOSED", "Cannot use the index: it is closed");
  }
}

function tooLarge(count: number, cause: RangeError): IndexError {
  return new IndexError("INDEX_TOO_LARGE", `Cannot change ${count} records at once: they take more than one append to the journal holds`, {
    cause,
    details: { count },
    hint: "make several changes of it",
  });
}
