// module-size: a list of cases that are read one by one
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import type { IndexStore, StoredEntry } from "../store/index-store.ts";

/** What the suite needs of an implementation under test. */
export interface IndexStoreAdapter {
  /** Opens one more holder of one and the same record, which is empty at first and this case's own. Its leases last `leaseMs`. */
  readonly open: () => Promise<IndexStore>;
  /** How long a lease lasts without a sign of life, in milliseconds. */
  readonly leaseMs: number;
  /** Lets a holder fall silent: it gives no sign of life any more, and does not know. */
  readonly silence: (store: IndexStore) => void;
}

/** One behaviour every {@link IndexStore} must have; `run` rejects when it has not. */
export interface IndexStoreCase {
  readonly name: string;
  readonly run: (adapter: IndexStoreAdapter) => Promise<void>;
}

/**
 * The behaviours that sharing a record relies on, as data without a test runner, for whoever brings a record of their own.
 *
 * @example Try an implementation
 * ```ts
 * import assert from "node:assert/strict";
 * import { openFileStore } from "@gov/index-writer";
 * import { indexStoreConformance } from "@gov/index-writer/testing";
 *
 * const timers = { monotonicMs: () => 0, sleep: (ms, signal) => new Promise((resolve) => signal?.addEventListener("abort", resolve)) };
 * const [first] = indexStoreConformance;
 * await first.run({ open: () => openFileStore("record", { leaseMs: 200, renewalTimers: timers }), leaseMs: 200, silence: () => undefined });
 * assert.ok(indexStoreConformance.length > 8);
 * ```
 */
export const indexStoreConformance: readonly IndexStoreCase[] = [
  {
    name: "entries get sequence numbers from 1 without gaps, in the order of the commits, and are read back as they were",
    run: async ({ open }) => {
      const store = await open();
      equal(await store.lastSeq(), 0);
      deepEqual(await all(store), []);
      const { epoch, seq, release } = await store.acquire();
      equal(seq, 0);
      const payloads = [null, 'text \u0000 \u2028 é \ud83d\ude00 \\ "', -0.5, { b: [1, true], a: {} }, "\\u0000"];
      const entries = payloads.map((payload, at) => ({ id: `id ${at} é`, payload }));
      deepEqual(await store.commit({ epoch, expectedSeq: 0, entries: entries.slice(0, 2) }), placed([1, 2]));
      deepEqual(await store.commit({ epoch, expectedSeq: 2, entries: entries.slice(2) }), placed([3, 4, 5]));
      await release();
      equal(await store.lastSeq(), 5);
      const wanted = entries.map((entry, at) => ({ seq: at + 1, epoch, ...entry }));
      deepEqual(await all(store), wanted);
      deepEqual(await all(store, 4), wanted.slice(3));
      const other = await open();
      deepEqual(await all(other), wanted);
      await other.close();
      await store.close();
    },
  },
  {
    name: "an id is known for ever: the same content has its old place, other content is a conflict that changes nothing",
    run: async ({ open }) => {
      const first = await open();
      const lease = await first.acquire();
      await first.commit({ epoch: lease.epoch, expectedSeq: 0, entries: [entry("a"), entry("b")] });
      await first.close();
      const store = await open();
      const { epoch, seq } = await store.acquire();
      equal(seq, 2);
      const mixed = [entry("b"), entry("c"), entry("a"), entry("c")];
      deepEqual(await store.commit({ epoch, expectedSeq: 2, entries: mixed }), [
        { seq: 2, duplicate: true },
        { seq: 3, duplicate: false },
        { seq: 1, duplicate: true },
        { seq: 3, duplicate: true },
      ]);
      const conflicting = [entry("d"), { id: "a", payload: "other" }];
      await rejects(
        store.commit({ epoch, expectedSeq: 3, entries: conflicting }),
        isError("INDEX_ID_CONFLICT", { id: "a", seq: 1, index: 1 }),
      );
      const within = [
        { id: "e", payload: 1 },
        { id: "e", payload: 2 },
      ];
      await rejects(store.commit({ epoch, expectedSeq: 3, entries: within }), isError("INDEX_ID_CONFLICT", { id: "e", index: 1 }));
      equal((await all(store)).length, 3);
      await store.close();
    },
  },
  {
    name: "a commit behind another entry than the last is refused, and says where the record ends",
    run: async ({ open }) => {
      const store = await open();
      const { epoch } = await store.acquire();
      await store.commit({ epoch, expectedSeq: 0, entries: [entry("a")] });
      for (const expectedSeq of [0, 2])
        await rejects(store.commit({ epoch, expectedSeq, entries: [entry("b")] }), isError("INDEX_SEQUENCE_CONFLICT", { seq: 1 }));
      // A duplicate is no exception: its writer has not read what it believes to follow.
      await rejects(store.commit({ epoch, expectedSeq: 0, entries: [entry("a")] }), isError("INDEX_SEQUENCE_CONFLICT", { seq: 1 }));
      deepEqual(await store.commit({ epoch, expectedSeq: 1, entries: [entry("b")] }), placed([2]));
      await store.close();
    },
  },
  {
    name: "a second writer waits for the lease, is told when it takes too long, and gets it at once when it is released",
    run: async ({ open, leaseMs }) => {
      const [holder, waiting] = [await open(), await open()];
      const lease = await holder.acquire();
      await rejects(waiting.acquire(), isError("INDEX_LOCKED"));
      await rejects(waiting.acquire({ timeoutMs: 20 }), isError("INDEX_LOCKED"));
      const taking = waiting.acquire({ timeoutMs: leaseMs * 100 });
      await holder.commit({ epoch: lease.epoch, expectedSeq: 0, entries: [entry("a")] });
      await lease.release();
      await lease.release();
      const next = await taking;
      ok(next.epoch > lease.epoch);
      equal(next.seq, 1);
      await holder.close();
      await waiting.close();
    },
  },
  {
    name: "who waits for the lease keeps its holder from nothing, also where both share the record that was opened",
    run: async ({ open, leaseMs }) => {
      const store = await open();
      const lease = await store.acquire();
      const taking = store.acquire({ timeoutMs: leaseMs * 100 });
      deepEqual(await store.commit({ epoch: lease.epoch, expectedSeq: 0, entries: [entry("a")] }), placed([1]));
      await lease.release();
      const next = await taking;
      ok(next.epoch > lease.epoch);
      equal(next.seq, 1);
      // A late release of the one before takes nothing from it.
      await lease.release();
      deepEqual(await store.commit({ epoch: next.epoch, expectedSeq: 1, entries: [entry("b")] }), placed([2]));
      await store.close();
    },
  },
  {
    name: "an old epoch is refused at the commit, not by time: a holder that fell silent gets nothing acknowledged once another has taken over",
    run: async ({ open, leaseMs, silence }) => {
      const [silent, next] = [await open(), await open()];
      const old = await silent.acquire();
      deepEqual(await silent.commit({ epoch: old.epoch, expectedSeq: 0, entries: [entry("a")] }), placed([1]));
      silence(silent);
      const lease = await next.acquire({ timeoutMs: leaseMs * 100 });
      ok(lease.epoch > old.epoch);
      equal(lease.seq, 1);
      await rejects(silent.commit({ epoch: old.epoch, expectedSeq: 1, entries: [entry("zombie")] }), isError("INDEX_SUPERSEDED"));
      await rejects(silent.commit({ epoch: old.epoch, expectedSeq: 1, entries: [entry("a")] }), isError("INDEX_SUPERSEDED"));
      deepEqual(await next.commit({ epoch: lease.epoch, expectedSeq: 1, entries: [entry("b")] }), placed([2]));
      deepEqual(
        (await all(next)).map(({ id }) => id),
        ["a", "b"],
      );
      // Nor does its late release take anything from the new holder.
      await old.release();
      deepEqual(await next.commit({ epoch: lease.epoch, expectedSeq: 2, entries: [entry("c")] }), placed([3]));
      await silent.close();
      await next.close();
    },
  },
  {
    name: "epochs that nobody was given are refused, lower or higher",
    run: async ({ open }) => {
      const store = await open();
      await rejects(store.commit({ epoch: 1, expectedSeq: 0, entries: [entry("a")] }), isError("INDEX_SUPERSEDED"));
      const { epoch } = await store.acquire();
      for (const wrong of [epoch - 1, epoch + 1])
        await rejects(store.commit({ epoch: wrong, expectedSeq: 0, entries: [entry("a")] }), isError("INDEX_SUPERSEDED"));
      equal(await store.lastSeq(), 0);
      await store.close();
    },
  },
  {
    name: "a holder that gives signs of life keeps the lease beyond its time",
    run: async ({ open, leaseMs }) => {
      const [holder, other] = [await open(), await open()];
      const lease = await holder.acquire();
      await rejects(other.acquire({ timeoutMs: leaseMs * 3 }), isError("INDEX_LOCKED"));
      equal(lease.signal.aborted, false);
      deepEqual(await holder.commit({ epoch: lease.epoch, expectedSeq: 0, entries: [entry("a")] }), placed([1]));
      await holder.close();
      await other.close();
    },
  },
  {
    name: "entries that do not fit are refused before anything is written",
    run: async ({ open }) => {
      const store = await open();
      const { epoch } = await store.acquire();
      for (const id of ["", "x".repeat(257), "a\u0000b", "a\nb", "\ud800"])
        await rejects(store.commit({ epoch, expectedSeq: 0, entries: [entry("a"), { id, payload: 1 }] }), RangeError);
      await rejects(store.commit({ epoch, expectedSeq: 0, entries: [] }), RangeError);
      await rejects(store.commit({ epoch, expectedSeq: 0, entries: [{ id: "a", payload: Number.NaN }] }));
      equal(await store.lastSeq(), 0);
      await store.close();
    },
  },
  {
    name: "many entries in one commit, and many commits, are all there",
    run: async ({ open }) => {
      const store = await open();
      const { epoch } = await store.acquire();
      const many = Array.from({ length: 2_500 }, (_, at) => entry(`many-${at}`));
      equal((await store.commit({ epoch, expectedSeq: 0, entries: many })).at(-1)?.seq, 2_500);
      for (let at = 0; at < 20; at++) await store.commit({ epoch, expectedSeq: 2_500 + at, entries: [entry(`one-${at}`)] });
      const read = await all(store);
      deepEqual(
        read.map(({ seq }) => seq),
        Array.from({ length: 2_520 }, (_, at) => at + 1),
      );
      equal(read[2_499]?.id, "many-2499");
      await store.close();
    },
  },
  {
    name: "what is closed does nothing more",
    run: async ({ open }) => {
      const store = await open();
      const { epoch } = await store.acquire();
      await store.close();
      await store.close();
      await rejects(store.acquire(), isError("INDEX_CLOSED"));
      await rejects(store.commit({ epoch, expectedSeq: 0, entries: [entry("a")] }), isError("INDEX_CLOSED"));
      await rejects(store.lastSeq(), isError("INDEX_CLOSED"));
      const next = await open();
      ok((await next.acquire()).epoch > epoch);
      await next.close();
    },
  },
];

function entry(id: string): { readonly id: string; readonly payload: string } {
  return { id, payload: `content of ${id}` };
}

function placed(seqs: readonly number[]): readonly { readonly seq: number; readonly duplicate: boolean }[] {
  return seqs.map((seq) => ({ seq, duplicate: false }));
}

async function all(store: IndexStore, fromSeq?: number): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const each of store.read(fromSeq)) entries.push(each);
  return entries;
}

function isError(code: string, details: Readonly<Record<string, unknown>> = {}): (error: unknown) => boolean {
  return (error) => {
    equal((error as { code?: unknown }).code, code);
    for (const [name, value] of Object.entries(details)) equal((error as { details: Record<string, unknown> }).details[name], value);
    return true;
  };
}
