import type { WaitTimers } from "@gov/atomic-io/lock";
import type { JsonValue } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { IndexError, isIndexError } from "../../errors.ts";
import type { PostgresClient } from "../../postgres/postgres-client.ts";
import type { AcquireOptions, CommittedEntry, IndexStore, StoreCommit, StoredEntry, StoreLease } from "../../store/index-store.ts";
import {
  type KnownEntry,
  placeEntries,
  type PreparedEntry,
  prepareEntries,
  sequenceConflict,
  superseded,
  uncertain,
} from "./entry-codec.ts";
import { renewLease } from "./postgres-lease.ts";
import { commitSql, createSql, endSql, findSql, pageSql, releaseSql, takeSql } from "./postgres-statements.ts";

/** What a store in PostgreSQL works with. */
export interface PostgresStoreStart {
  readonly client: PostgresClient;
  readonly stream: string;
  readonly holder: string | null;
  readonly leaseMs: number;
  readonly timers: WaitTimers;
  readonly renewalTimers: WaitTimers;
}

const pageSize = 1_000;

/** The record in PostgreSQL: everything that decides is decided there. */
export class PostgresStore implements IndexStore {
  readonly #start: PostgresStoreStart;
  readonly #leases = new Set<StoreLease>();
  #closed = false;

  constructor(start: PostgresStoreStart) {
    this.#start = start;
  }

  async acquire({ timeoutMs = 0, signal }: AcquireOptions = {}): Promise<StoreLease> {
    this.#mustBeOpen();
    const { client, stream, holder, leaseMs, timers } = this.#start;
    const untilMs = timers.monotonicMs() + timeoutMs;
    await client.query(createSql, [stream]);
    for (;;) {
      signal?.throwIfAborted();
      const [row] = (await client.query(takeSql, [stream, holder, leaseMs])).rows;
      if (row !== undefined) return this.#lease({ epoch: numberOf(row["epoch"]), seq: numberOf(row["seq"]) });
      const leftMs = untilMs - timers.monotonicMs();
      if (leftMs <= 0)
        throw new IndexError("INDEX_LOCKED", `Cannot write to the record "${stream}": another writer holds its lease`, {
          details: { stream, timeoutMs },
          hint: "wait for it: a holder that gives no sign of life is superseded",
        });
      await timers.sleep(Math.min(leftMs, Math.max(1, leaseMs / 8)), signal);
    }
  }

  async commit({ epoch, expectedSeq, entries }: StoreCommit): Promise<readonly CommittedEntry[]> {
    this.#mustBeOpen();
    const prepared = prepareEntries(entries);
    const known = await this.#find(prepared, { epoch, expectedSeq });
    const { fresh, placed } = placeEntries(prepared, { lastSeq: expectedSeq, known: (id) => known.get(id) });
    if (fresh.length > 0) await this.#add(fresh, { epoch, expectedSeq });
    return placed;
  }

  async lastSeq(): Promise<number> {
    this.#mustBeOpen();
    const [row] = (await this.#start.client.query(endSql, [this.#start.stream])).rows;
    return row === undefined ? 0 : numberOf(row["seq"]);
  }

  async *read(fromSeq = 1): AsyncGenerator<StoredEntry, void, undefined> {
    this.#mustBeOpen();
    const { client, stream } = this.#start;
    for (let next = fromSeq; ;) {
      const { rows } = await client.query(pageSql, [stream, next, pageSize]);
      for (const row of rows) {
        const seq = numberOf(row["seq"]);
        const { id, payload, digest } = row;
        if (seq !== next || typeof id !== "string" || typeof payload !== "string" || digestBytes(payload) !== digest)
          throw new IndexError("INDEX_CORRUPT", `Cannot read entry ${next} of the record "${stream}": it is not what was committed`, {
            details: { stream, seq: next },
            hint: "restore the record from a backup",
          });
        yield { seq, epoch: numberOf(row["epoch"]), id, payload: JSON.parse(payload) as JsonValue };
        next += 1;
      }
      if (rows.length < pageSize) return;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // A lease that cannot be released runs out.
    await Promise.all([...this.#leases].map((lease) => lease.release().catch(() => undefined)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #lease(taken: { readonly epoch: number; readonly seq: number }): StoreLease {
    const { client, stream } = this.#start;
    const renewal = renewLease({ ...this.#start, epoch: taken.epoch });
    let released: Promise<void> | undefined;
    const lease: StoreLease = {
      ...taken,
      signal: renewal.lost,
      release: () =>
        (released ??= (async () => {
          this.#leases.delete(lease);
          renewal.stop();
          await client.query(releaseSql, [stream, taken.epoch]);
        })()),
    };
    this.#leases.add(lease);
    return lease;
  }

  /** Looks up which ids are known, at the moment at which epoch and end of the record are those of the commit. */
  async #find(entries: readonly PreparedEntry[], at: Omit<StoreCommit, "entries">): Promise<ReadonlyMap<string, KnownEntry>> {
    const ids = JSON.stringify([...new Set(entries.map(({ id }) => id))]);
    const { rows } = await this.#start.client.query(findSql, [this.#start.stream, ids]).catch((error: unknown) => {
      throw uncertain(error);
    });
    mustFit(rows[0], at);
    return new Map(
      rows.flatMap(({ id, found, digest }) =>
        typeof id === "string" ? [[id, { seq: numberOf(found), digest: String(digest) }] as const] : [],
      ),
    );
  }

  async #add(fresh: readonly PreparedEntry[], { epoch, expectedSeq }: Omit<StoreCommit, "entries">): Promise<void> {
    const { client, stream, leaseMs } = this.#start;
    const batch = JSON.stringify(fresh.map(({ id, digest, text }) => ({ id, digest, payload: text })));
    try {
      const { rows } = await client.query(commitSql, [stream, epoch, expectedSeq, batch, fresh.length, leaseMs]);
      if (numberOf(rows[0]?.["added"]) === fresh.length) return;
      mustFit((await client.query(endSql, [stream])).rows[0], { epoch, expectedSeq });
      throw superseded(epoch);
    } catch (error) {
      throw isIndexError(error) ? error : uncertain(error);
    }
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new IndexError("INDEX_CLOSED", "Cannot use the record: it is closed");
  }
}

function mustFit(row: Readonly<Record<string, unknown>> | undefined, at: Omit<StoreCommit, "entries">): void {
  if (row === undefined || numberOf(row["epoch"]) !== at.epoch) throw superseded(at.epoch);
  if (numberOf(row["seq"]) !== at.expectedSeq) throw sequenceConflict(at.expectedSeq, numberOf(row["seq"]));
}

/** Numbers come as text, as bigint or as number, depending on the client. */
function numberOf(value: unknown): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new IndexError("INDEX_CORRUPT", "Cannot read the record: a number of it is none");
  return number;
}
