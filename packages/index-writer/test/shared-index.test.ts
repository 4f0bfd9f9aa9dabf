import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryFileSystem, createMemoryLockHost } from "@gov/atomic-io/testing";
import {
  IndexError,
  type IndexRecord,
  type IndexStore,
  openFileStore,
  openSharedIndex,
  openStoreWriter,
  rebuildIndex,
  renderIndex,
} from "@gov/index-writer";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memoryRecord } from "./memory-store.ts";
import { countingRandom, record } from "./records.ts";

const checks = { epoch: true, sequence: true, ids: true, expiry: true };
const paths = ["a.md", "b.md", "c/d.md"];
const change = fc.record({
  put: fc.array(
    fc.record({ path: fc.constantFrom(...paths), text: fc.string({ maxLength: 3 }) }).map(({ path, text }) => record(path, text)),
    { maxLength: 2 },
  ),
  remove: fc.array(fc.constantFrom(...paths), { maxLength: 2 }),
  client: fc.constantFrom(0, 1),
});

describe("openSharedIndex()", () => {
  it("gives every client the index that one map would hold, and one file whoever writes it (IDX-16)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
        const { open } = memoryRecord(1_000, checks);
        const stores = [open(), open()];
        const writers = stores.map((store) => openStoreWriter(store, { lingerMs: 0, backoff: { maxMs: 1 } }));
        const clients = await Promise.all(
          stores.map((store, at) => openSharedIndex(store, { writer: writers[at] as (typeof writers)[number] })),
        );
        const model = new Map<string, IndexRecord>();
        for (const [at, { put, remove, client }] of changes.entries()) {
          // Twice, as a client does that did not hear the first answer.
          for (let attempt = 0; attempt < 2; attempt++) await clients[client]?.change({ id: `change-${at}`, put, remove });
          for (const path of remove) model.delete(path);
          for (const each of put) model.set(each.path, each);
        }
        const wanted = renderIndex([...model.values()]);
        for (const client of clients) {
          expect(await client.refresh()).toBe(changes.length);
          expect(renderIndex(client.list())).toBe(wanted);
          for (const path of paths) expect(client.get(path)).toEqual(model.get(path));
          expect(client.query({ pathPrefix: "c/" })).toEqual(client.list().filter(({ path }) => path.startsWith("c/")));
        }
        const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
        await rebuildIndex("/repo", clients[0]?.list() ?? [], { fs, lockHost: createMemoryLockHost(), random: countingRandom });
        expect(fs.text("/repo/artifacts_index.json")).toBe(wanted);
        for (const each of [...writers, ...stores]) await each.close();
      }),
      { numRuns: 25 },
    );
  });

  it("passes over entries of others, and refuses a change that does not fit", async () => {
    const store = memoryRecord(1_000, checks).open();
    const writer = openStoreWriter(store, { lingerMs: 0 });
    await writer.append("other", { op: "something else" });
    const index = await openSharedIndex(store, { writer });
    expect([await index.refresh(), index.list()]).toEqual([1, []]);
    await expect(index.change({ id: "x", put: [{ ...record("a.md"), size: -1 }] })).rejects.toMatchObject({ code: "INDEX_RECORD_INVALID" });
    await expect(index.change({ id: "x", remove: [7 as unknown as string] })).rejects.toThrow(TypeError);
    await writer.append("bad", { op: "index_change", put: [{ path: "a.md" }], remove: [] });
    await expect(index.refresh()).rejects.toMatchObject({ code: "INDEX_CORRUPT", details: { seq: 2 } });
    await expect(
      openSharedIndex(
        {
          ...store,
          read: async function* () {
            yield { seq: 1, epoch: 1, id: "x", payload: { op: "index_change" } };
          },
        },
        { writer },
      ),
    ).rejects.toMatchObject({ code: "INDEX_CORRUPT" });
    await writer.close();
  });
});

describe("openStoreWriter()", () => {
  let directory = "";
  let store: IndexStore;
  beforeEach(async () => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), "gov-writer-")));
    store = await openFileStore(directory, { leaseMs: 200 });
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  it("commits what waits in batches, tells each entry its place, and only the wrong one of its conflict", async () => {
    const events: unknown[] = [];
    const writer = openStoreWriter(store, {
      lingerMs: 0,
      maxBatch: 10,
      observer: { event: (name, fields) => void events.push([name, fields["entries"]]) },
    });
    const results = await Promise.allSettled([writer.append("a", 1), writer.append("a", 2), writer.append("b", 3), writer.append("a", 1)]);
    expect(results.map((result) => (result.status === "fulfilled" ? result.value.seq : (result.reason as IndexError).code))).toEqual([
      1,
      "INDEX_ID_CONFLICT",
      2,
      1,
    ]);
    expect((await Promise.all(Array.from({ length: 25 }, (_, at) => writer.append(`c${at}`, at)))).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 25 }, (_, at) => at + 3),
    );
    expect(events).toEqual([
      ["store.committed", 3],
      ["store.committed", 10],
      ["store.committed", 10],
      ["store.committed", 5],
    ]);
    expect(writer.pending()).toBe(0);
    await writer.close();
    await expect(writer.append("d", 1)).rejects.toMatchObject({ code: "INDEX_CLOSED" });
  });

  it("passes the lease on, so that several writers come forward together", async () => {
    const other = await openFileStore(directory, { leaseMs: 200 });
    const writers = [store, other].map((each) =>
      openStoreWriter(each, { maxBatch: 5, commitsPerLease: 2, lingerMs: 0, backoff: { maxMs: 5 } }),
    );
    const placed = await Promise.all(
      writers.flatMap((writer, at) => Array.from({ length: 40 }, (_, number) => writer.append(`${at}-${number}`, number))),
    );
    expect(placed.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, at) => at + 1));
    for (const each of [...writers, other]) await each.close();
  });

  it("shares an opened record with other writers, none of which waits for the others to lose their lease (IDX-04)", async () => {
    const writers = [1, 2, 3].map(() => openStoreWriter(store, { commitsPerLease: 2, backoff: { maxMs: 5 }, timeoutMs: 10_000 }));
    const placed = await Promise.all(
      writers.flatMap((writer, at) => Array.from({ length: 5 }, (_, number) => writer.append(`${at}-${number}`, number))),
    );
    expect(placed.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, at) => at + 1));
    for (const each of writers) await each.close();
  });

  it("commits what was appended, whatever its caller does with the payload afterwards (IDX-10)", async () => {
    const writer = openStoreWriter(store, { lingerMs: 0 });
    const payload = { number: 0 };
    const appended = [0, 1, 2].map((number) => {
      payload.number = number;
      return writer.append(`e${number}`, payload);
    });
    await Promise.all(appended);
    const payloads: unknown[] = [];
    for await (const entry of store.read()) payloads.push(entry.payload);
    expect(payloads).toEqual([{ number: 0 }, { number: 1 }, { number: 2 }]);
    await writer.close();
  });

  it("commits large entries one by one, and refuses at once what no record takes", async () => {
    const entries: number[] = [];
    const observer = { event: (name: string, fields: Readonly<Record<string, unknown>>) => void entries.push(Number(fields["entries"])) };
    const writer = openStoreWriter(store, { lingerMs: 0, timeoutMs: 20_000, observer });
    const large = "x".repeat(6 * 1024 * 1024);
    const placed = await Promise.all([writer.append("a", large), writer.append("b", large), writer.append("c", 1)]);
    expect(placed.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(entries).toEqual([1, 2]);
    await expect(writer.append("d", "x".repeat(255 * 1024 * 1024))).rejects.toThrow(RangeError);
    expect(writer.pending()).toBe(0);
    await writer.close();
  });

  it("takes no more than may wait, and says so when nothing is certain any more", async () => {
    const down: IndexStore = { ...methods(store), acquire: () => Promise.reject(new Error("down")) };
    const writer = openStoreWriter(down, { maxPending: 2, timeoutMs: 50, backoff: { maxMs: 5 } });
    const waiting = [writer.append("a", 1), writer.append("b", 1)].map((each) => each.catch((error: unknown) => error));
    await expect(writer.append("c", 1)).rejects.toMatchObject({ code: "INDEX_BRIDGE_FULL" });
    expect(await Promise.all(waiting)).toEqual([
      expect.objectContaining({ code: "INDEX_COMMIT_UNCERTAIN" }),
      expect.objectContaining({ code: "INDEX_COMMIT_UNCERTAIN" }),
    ]);
    await writer.close();
    expect(() => openStoreWriter(store, { maxBatch: 0 })).toThrow(RangeError);
  });

  it("commits again where the outcome was unknown, and the entry stands once", async () => {
    let lost = 2;
    const forgetful: IndexStore = {
      ...methods(store),
      commit: async (commit) => {
        const placed = await store.commit(commit);
        if (lost-- > 0) throw new IndexError("INDEX_COMMIT_UNCERTAIN", "Lost");
        return placed;
      },
    };
    const writer = openStoreWriter(forgetful, { lingerMs: 0, backoff: { maxMs: 5 } });
    expect(await writer.append("a", 1)).toEqual({ seq: 1, duplicate: true });
    expect(await writer.append("b", 1)).toEqual({ seq: 2, duplicate: false });
    await writer.close();
    expect(await store.lastSeq()).toBe(2);
  });
});

function methods(store: IndexStore): IndexStore {
  return {
    acquire: (options) => store.acquire(options),
    commit: (commit) => store.commit(commit),
    lastSeq: () => store.lastSeq(),
    read: (fromSeq) => store.read(fromSeq),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store.close(),
  };
}
