import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openJournal } from "@gov/atomic-io/journal";
import { nodeWaitTimers, type WaitTimers } from "@gov/atomic-io/lock";
import { type IndexStore, openFileStore } from "@gov/index-writer";
import { openPostgresStore } from "@gov/index-writer/postgres";
import { type IndexStoreAdapter, indexStoreConformance } from "@gov/index-writer/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embeddedDatabase, serverDatabase, type TestDatabase } from "./databases.ts";
import { available } from "./required.ts";

const leaseMs = 300;

/** Timers that stop giving signs of life when told to. */
function silenceable(): { readonly timers: WaitTimers; readonly silence: () => void } {
  let silent = false;
  return {
    silence: () => void (silent = true),
    timers: {
      monotonicMs: nodeWaitTimers.monotonicMs,
      sleep: async (ms, signal) => {
        await setTimeout(silent ? 1_000_000 : ms, undefined, { signal, ref: false }).catch(() => undefined);
        if (silent && signal?.aborted !== true) await setTimeout(1_000_000, undefined, { signal, ref: false }).catch(() => undefined);
      },
    },
  };
}

function adapterOf(open: (renewalTimers: WaitTimers) => Promise<IndexStore>): IndexStoreAdapter {
  const silences = new Map<IndexStore, () => void>();
  return {
    leaseMs,
    silence: (store) => silences.get(store)?.(),
    open: async () => {
      const { timers, silence } = silenceable();
      const store = await open(timers);
      silences.set(store, silence);
      return store;
    },
  };
}

describe("openFileStore()", () => {
  for (const { name, run } of indexStoreConformance) {
    it(`${name} (IDX-04, IDX-10)`, async () => {
      const directory = mkdtempSync(join(tmpdir(), "gov-store-"));
      try {
        await run(adapterOf((renewalTimers) => openFileStore(join(directory, "record"), { leaseMs, renewalTimers })));
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
  }
});

describe("the journal of openFileStore()", () => {
  it("is read once by whoever takes over, who then knows every id, whatever it is made of (IDX-04)", async () => {
    const directory = mkdtempSync(join(tmpdir(), "gov-store-"));
    try {
      const [first, second] = [await openFileStore(directory), await openFileStore(directory)];
      const entries = ["plain", "é", '"quoted" \\', "x".repeat(256)].map((id) => ({ id, payload: { of: id } }));
      const lease = await first.acquire();
      await first.commit({ epoch: lease.epoch, expectedSeq: 0, entries });
      await lease.release();
      const { epoch } = await second.acquire();
      const again = await second.commit({ epoch, expectedSeq: 4, entries });
      expect(again).toEqual(entries.map((_, at) => ({ seq: at + 1, duplicate: true })));
      for (const [index, { id }] of entries.entries())
        await expect(second.commit({ epoch, expectedSeq: 4, entries: [{ id, payload: "other" }] })).rejects.toMatchObject({
          code: "INDEX_ID_CONFLICT",
          details: { id, seq: index + 1 },
        });
      await second.close();
      // Known from its own commits already: only what others have added is read.
      const { seq } = await first.acquire();
      expect(await first.commit({ epoch: epoch + 1, expectedSeq: seq, entries: [{ id: "next", payload: 1 }] })).toEqual([
        { seq: 5, duplicate: false },
      ]);
      await first.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  for (const text of ["no entry", '{"epoch":1,"id":"a","payload":}', '{"epoch":1,"id":7,"payload":1}', "{}"])
    it(`is corrupt with a record that is none of a store: ${text}`, async () => {
      const directory = mkdtempSync(join(tmpdir(), "gov-store-"));
      try {
        const journal = await openJournal(join(directory, "journal"));
        await journal.append([Buffer.from('{"epoch":1,"id":"first","payload":1}'), Buffer.from(text)]);
        await journal.close();
        const store = await openFileStore(directory);
        await expect(store.acquire()).rejects.toMatchObject({ code: "INDEX_CORRUPT", details: { seq: 2 } });
        await expect(store.read(2)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "INDEX_CORRUPT", details: { seq: 2 } });
        await store.close();
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
});

describe("openPostgresStore() on PGlite", () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await embeddedDatabase()), 120_000);
  afterAll(() => database.end());
  let streams = 0;
  for (const { name, run } of indexStoreConformance) {
    it(`${name} (IDX-04, NFR-05)`, async () => {
      const stream = `stream ${++streams}`;
      await run(
        adapterOf((renewalTimers) => openPostgresStore(database.client, { stream, leaseMs, renewalTimers, durability: "process" })),
      );
    });
  }

  it("refuses a server that cannot keep what is promised", async () => {
    await expect(openPostgresStore(database.client, { stream: "x" })).rejects.toMatchObject({ code: "INDEX_STORE_UNSUITABLE" });
    const latin = { query: async () => ({ rows: [{ encoding: "LATIN1", fsync: "on" }] }) };
    await expect(openPostgresStore(latin, { stream: "x" })).rejects.toMatchObject({ code: "INDEX_STORE_UNSUITABLE" });
    await expect(openPostgresStore(database.client, { stream: "" })).rejects.toThrow(RangeError);
    await expect(openPostgresStore(database.client, { stream: "x", leaseMs: 0 })).rejects.toThrow(RangeError);
  });

  it("notices an entry that is not what was committed", async () => {
    const store = await openPostgresStore(database.client, { stream: "damaged", durability: "process" });
    const { epoch } = await store.acquire();
    await store.commit({
      epoch,
      expectedSeq: 0,
      entries: [
        { id: "a", payload: 1 },
        { id: "b", payload: 2 },
        { id: "c", payload: 3 },
      ],
    });
    await database.client.query("UPDATE gov_index_entries SET payload = '9' WHERE stream = 'damaged' AND seq = 2", []);
    const reading = async (fromSeq: number): Promise<void> => {
      for await (const entry of store.read(fromSeq)) expect(entry.seq).toBeLessThanOrEqual(3);
    };
    await expect(reading(1)).rejects.toMatchObject({ code: "INDEX_CORRUPT", details: { seq: 2 } });
    await database.client.query("DELETE FROM gov_index_entries WHERE stream = 'damaged' AND seq = 2", []);
    await expect(reading(1)).rejects.toMatchObject({ code: "INDEX_CORRUPT", details: { seq: 2 } });
    await reading(3);
    await store.close();
  });

  it("tells what is uncertain from what is refused when the client fails", async () => {
    let failing: string | null = null;
    const client: TestDatabase["client"] = {
      query: (text, values) =>
        failing !== null && text.includes(failing) ? Promise.reject(new Error("connection lost")) : database.client.query(text, values),
    };
    const store = await openPostgresStore(client, { stream: "failing", durability: "process" });
    const { epoch } = await store.acquire();
    for (failing of ["WITH advanced", "LEFT JOIN"])
      await expect(store.commit({ epoch, expectedSeq: 0, entries: [{ id: "a", payload: 1 }] })).rejects.toMatchObject({
        code: "INDEX_COMMIT_UNCERTAIN",
      });
    failing = null;
    expect(await store.commit({ epoch, expectedSeq: 0, entries: [{ id: "a", payload: 1 }] })).toEqual([{ seq: 1, duplicate: false }]);
    await store.close();
  });
});

describe.runIf(available("postgres", ["pg_isready", "-h", "127.0.0.1", "-p", "5432"]))("openPostgresStore() on a server", () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await serverDatabase()), 120_000);
  afterAll(() => database.end());
  let streams = 0;
  for (const { name, run } of indexStoreConformance) {
    it(`${name} (IDX-04, NFR-05)`, async () => {
      const stream = `stream ${++streams}`;
      await run(adapterOf((renewalTimers) => openPostgresStore(database.client, { stream, leaseMs, renewalTimers })));
    });
  }

  it("waits for the disk also where the session would not", async () => {
    const settings: unknown[] = [];
    const client: TestDatabase["client"] = {
      query: async (text, values) => {
        const result = await database.client.query(text, values);
        if (text.includes("WITH advanced")) settings.push(result.rows[0]?.["synchronous"]);
        return result;
      },
    };
    const store = await openPostgresStore(client, { stream: "synchronous" });
    const { epoch } = await store.acquire();
    await store.commit({ epoch, expectedSeq: 0, entries: [{ id: "a", payload: 1 }] });
    await database.client.query(`ALTER DATABASE ${new URL(database.connectionString).pathname.slice(1)} SET synchronous_commit = off`, []);
    const fresh = await serverClient(database.connectionString);
    const again = await openPostgresStore(
      {
        query: async (text, values) => {
          const result = await fresh.query(text, values);
          if (text.includes("WITH advanced")) settings.push(result.rows[0]?.["synchronous"]);
          return result;
        },
      },
      { stream: "synchronous 2" },
    );
    const lease = await again.acquire();
    await again.commit({ epoch: lease.epoch, expectedSeq: 0, entries: [{ id: "a", payload: 1 }] });
    expect(settings).toEqual([null, "on"]);
    await again.close();
    await fresh.end();
    await store.close();
  });
});

async function serverClient(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
