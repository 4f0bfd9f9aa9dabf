import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AuditEntry,
  type AuditLog,
  checkpointAt,
  proveConsistency,
  proveInclusion,
  verifyAuditLog,
  verifyConsistency,
  verifyInclusion,
} from "@gov/telemetry/audit";
import { auditTableSql, openAuditTable, type PostgresClient, verifyAuditTable } from "@gov/telemetry/postgres";
import { auditLogConformance } from "@gov/telemetry/testing";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "./postgres-database.ts";
import { input } from "./telemetry-fakes.ts";

const isFull = process.env["GOV_PROOF"] === "full";
const database: TestDatabase | null = await createTestDatabase();
let count = 0;
let log = "";
const pool = (): TestDatabase["pool"] => (database as TestDatabase).pool;
// Whether this server syncs is not what these tests are about, but for those that say so.
const open = (more: object = {}): Promise<AuditLog> => openAuditTable(pool(), { log, durability: "process", ...more });

async function collect(entries: AsyncIterable<AuditEntry>): Promise<readonly AuditEntry[]> {
  const all: AuditEntry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

/** Tries again while connections that were cut are still in the pool. */
async function persistently<T>(run: () => Promise<T>): Promise<T> {
  for (let left = 20; ; left--) {
    try {
      return await run();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/** Appends while the server cuts all connections, and returns which acknowledged entries do not stand where they were acknowledged. */
async function lostToCuts(client: PostgresClient, rounds: number): Promise<readonly string[]> {
  const { rows } = await pool().query<{ name: string }>("SELECT current_database() AS name");
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const writer = await persistently(() => openAuditTable(client, { log, durability: "process" })).catch(() => null);
    if (writer === null) continue;
    const appends = Array.from({ length: 20 }, async (_, n) => {
      for (let turn = 0; turn < n; turn++) await new Promise((resolve) => setImmediate(resolve));
      const [entry] = await writer.append([input(`R${String(round)}.${String(n)}`)], { expectedSeq: "any" });
      acknowledged.set(`R${String(round)}.${String(n)}`, entry?.seq ?? 0);
    });
    const sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()";
    await Promise.allSettled([...appends, pool().query(sql, [rows[0]?.name])]);
  }
  const { rows: standing } = await persistently(() =>
    pool().query<{ seq: string; line: string }>("SELECT seq, line FROM gov_audit_entries WHERE log = $1", [log]),
  );
  const places = new Map(standing.map(({ seq, line }) => [(JSON.parse(line) as AuditEntry).kind, Number(seq)]));
  return [...acknowledged].filter(([kind, seq]) => places.get(kind) !== seq).map(([kind]) => kind);
}

/** Changes rows as somebody who owns the database can. */
async function tamper(sql: string): Promise<void> {
  const client = await pool().connect();
  try {
    await client.query(`BEGIN; ALTER TABLE gov_audit_entries DISABLE TRIGGER ALL; ${sql.replaceAll("$log", `'${log}'`)};
      ALTER TABLE gov_audit_entries ENABLE TRIGGER ALL; COMMIT`);
  } finally {
    client.release();
  }
}

afterAll(() => database?.drop());

describe.skipIf(database === null)("auditLogConformance on PostgreSQL", () => {
  for (const { name, run } of auditLogConformance)
    it(name, () => {
      log = `conformance ${String(++count)}`;
      return run({ open, verify: (checkpoint) => verifyAuditTable(pool(), { log, checkpoint }) });
    });
});

describe.skipIf(database === null)("openAuditTable()", () => {
  beforeEach(() => void (log = `log ${String(++count)}`));

  it("lets many writers append to one log: one chain, nothing lost, nothing twice (TEL-06, TEL-07, B-29)", async () => {
    const writers = await Promise.all(Array.from({ length: 4 }, () => open()));
    const size = isFull ? 500 : 40;
    const acknowledged = await Promise.all(
      writers.flatMap((writer, who) =>
        Array.from(
          { length: size },
          async (_, n) => (await writer.append([input(`W${String(who)}.${String(n)}`)], { expectedSeq: "any" }))[0],
        ),
      ),
    );
    expect(await verifyAuditTable(pool(), { log })).toMatchObject({ ok: true, entries: 4 * size });
    const kinds = (await collect((writers[0] as AuditLog).read())).map(({ kind, seq }) => `${String(seq)} ${kind}`);
    expect(new Set(kinds).size).toBe(4 * size);
    expect([...kinds].sort()).toEqual(acknowledged.map((entry) => `${String(entry?.seq)} ${String(entry?.kind)}`).sort());
    for (const writer of writers) await writer.close();
  });

  it("tells who loses a race to another writer, whatever that one knew, and writes nothing of it", async () => {
    const [ours, theirs] = [await open(), await open()];
    await theirs.append([input("A"), input("B")], { expectedSeq: 0 });
    await expect(ours.append([input("C")], { expectedSeq: 0 })).rejects.toMatchObject({
      code: "TELEMETRY_SEQUENCE_CONFLICT",
      details: { expectedSeq: 0, lastSeq: 2 },
    });
    expect((await ours.append([input("D")], { expectedSeq: 2 }))[0]?.seq).toBe(3);
    expect((await theirs.append([input("E")], { expectedSeq: "any" }))[0]).toMatchObject({ seq: 4 });
    const races = await Promise.allSettled([ours, theirs].map((one) => one.append([input("F")], { expectedSeq: 4 })));
    expect(races.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await verifyAuditTable(pool(), { log })).toMatchObject({ ok: true, entries: 5 });
  });

  it("agrees with a list in memory for any appends of two writers", async () => {
    const step = fc.record({ writer: fc.nat(1), size: fc.integer({ min: 0, max: 3 }), expected: fc.constantFrom("any", "last", "wrong") });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        log = `model ${String(++count)}`;
        const writers = [await open(), await open()];
        const model: string[] = [];
        for (const { writer, size, expected } of steps) {
          const kinds = Array.from({ length: size }, (_, n) => `K${String(model.length + n)}`);
          const expectedSeq = expected === "any" ? "any" : expected === "last" ? model.length : model.length + 1;
          const done = (writers[writer] as AuditLog).append(
            kinds.map((kind) => input(kind)),
            { expectedSeq },
          );
          if (expected === "wrong") await expect(done).rejects.toMatchObject({ code: "TELEMETRY_SEQUENCE_CONFLICT" });
          else model.push(...(await done).map(({ kind }) => kind));
        }
        expect((await collect((writers[0] as AuditLog).read())).map(({ kind }) => kind)).toEqual(model);
        expect((await verifyAuditTable(pool(), { log })).entries).toBe(model.length);
      }),
      { numRuns: isFull ? 300 : 12, seed: 7 },
    );
  });

  it("stores the bytes that are hashed, also those that jsonb refuses, and the program for files reads them (TEL-06)", async () => {
    const writer = await open();
    await writer.append([input("NUL", { payload: { text: 'a\u0000b \u2028 \\ "', n: 1.5e300 } }), input("ü\u{1f600}")], { expectedSeq: 0 });
    const { rows } = await pool().query<{ line: string }>("SELECT line FROM gov_audit_entries WHERE log = $1 ORDER BY seq", [log]);
    const text = rows.map(({ line }) => `${line}\n`).join("");
    expect(verifyAuditLog(Buffer.from(text))).toMatchObject({ ok: true, entries: 2, head: writer.head() });
    const format = readFileSync(new URL("../../../docs/formats/audit-jsonl-v1.md", import.meta.url), "utf8");
    const script = /```python\n([^]*?)```/.exec(format)?.[1] ?? "";
    const directory = mkdtempSync(join(tmpdir(), "gov-audit-"));
    try {
      writeFileSync(join(directory, "log.jsonl"), text);
      const printed = execFileSync("python3", ["-c", script, "log.jsonl"], { cwd: directory, encoding: "utf8" });
      expect(printed.trim()).toBe(`ok 2 ${String(writer.head()?.hash)}`);
    } catch (error) {
      const isRequired = (process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("python3");
      if ((error as { code?: unknown }).code !== "ENOENT" || isRequired) throw error;
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("commits durably also in a session that does not wait for it", async () => {
    const client = await pool().connect();
    try {
      await client.query("SET synchronous_commit = off");
      const writer = await openAuditTable(client, { log, durability: "process" });
      const flushed = "SELECT pg_current_wal_flush_lsn() >= $1::pg_lsn AS flushed";
      for (let n = 0; n < 20; n++) {
        await writer.append([input("A")], { expectedSeq: n });
        const { rows: at } = await client.query<{ lsn: string }>("SELECT pg_current_wal_insert_lsn() AS lsn");
        // Others write to the same server; what stood in the write-ahead log before the acknowledgement is what counts.
        const { rows } = await client.query<{ flushed: boolean }>(flushed, [at[0]?.lsn]);
        if (rows[0]?.flushed === true) return;
      }
      expect.fail("no acknowledged append was found flushed");
    } finally {
      client.release();
    }
  });

  it("refuses a server that cannot keep what is promised", async () => {
    const saying = (answer: object): PostgresClient => ({ query: () => Promise.resolve({ rows: [answer as Record<string, unknown>] }) });
    const refused = { code: "TELEMETRY_STORE_UNSUITABLE" };
    await expect(openAuditTable(saying({ encoding: "LATIN1", fsync: "on" }), { log })).rejects.toMatchObject(refused);
    await expect(openAuditTable(saying({ encoding: "UTF8", fsync: "off" }), { log })).rejects.toMatchObject(refused);
    // What is no durability there is promises no less.
    const unknown = { log, durability: "memory" as "power" };
    await expect(openAuditTable(saying({ encoding: "UTF8", fsync: "off" }), unknown)).rejects.toMatchObject(refused);
    await expect(openAuditTable(pool(), { log: "" })).rejects.toBeInstanceOf(RangeError);
  });

  it("acknowledges what stands although the connection broke after writing, and calls the rest uncertain", async () => {
    let failure: "after" | "before" | "none" = "none";
    const client: PostgresClient = {
      query: async (text, values) => {
        if (!text.includes("INSERT") || failure === "none") return pool().query(text, values);
        const when = failure;
        failure = "none";
        if (when === "after") await pool().query(text, values);
        throw new Error("connection terminated");
      },
    };
    const writer = await openAuditTable(client, { log, durability: "process" });
    failure = "after";
    expect((await writer.append([input("A")], { expectedSeq: 0 }))[0]?.seq).toBe(1);
    failure = "before";
    await expect(writer.append([input("B")], { expectedSeq: 1 })).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_UNCERTAIN" });
    expect((await writer.append([input("C")], { expectedSeq: 1 }))[0]?.seq).toBe(2);
    expect(await verifyAuditTable(pool(), { log })).toMatchObject({ ok: true, entries: 2 });
  });

  it("writes once and verifies everything with a client whose types make texts of numbers", async () => {
    const client: PostgresClient = {
      query: async (text, values) => {
        const { rows } = await pool().query<Record<string, unknown>>(text, values);
        return {
          rows: rows.map((row) =>
            Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === "number" ? String(value) : value])),
          ),
        };
      },
    };
    const writer = await openAuditTable(client, { log, durability: "process" });
    await writer.append([input("A"), input("B")], { expectedSeq: 0 });
    expect(await verifyAuditTable(client, { log })).toMatchObject({ ok: true, entries: 2 });
    expect(await verifyAuditTable(pool(), { log })).toMatchObject({ ok: true, entries: 2 });
  });

  it("tells the one who asked, and nobody else, of the call that fails, whichever it is", async () => {
    const writer = await open();
    for (let part = 0; part < 3; part++)
      await writer.append(
        Array.from({ length: 3500 }, () => input("A")),
        { expectedSeq: "any" },
      );
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    try {
      const outcomes: string[] = [];
      for (let failing = 1; failing <= 5; failing++) {
        let calls = 0;
        const client: PostgresClient = {
          query: (text, values) => (++calls === failing ? Promise.reject(new Error("gone")) : pool().query(text, values)),
        };
        const settled = async (run: Promise<unknown>): Promise<void> => void outcomes.push(await run.then(() => "done", String));
        await settled(verifyAuditTable(client, { log }));
        calls = Number.NEGATIVE_INFINITY;
        const reader = await openAuditTable(client, { log, durability: "process" });
        calls = 0;
        await settled(collect(reader.read()));
        calls = 0;
        // Whoever stops after the first page is not told that the second could not be read.
        if (failing > 2) for await (const { seq } of reader.read()) if (seq === 1) break;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(outcomes).toEqual([...Array.from({ length: 8 }, () => "Error: gone"), "done", "done"]);
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
    }
  });

  it("keeps every acknowledged entry when its connections are cut at any moment (TEL-07)", async () => {
    expect(await lostToCuts(pool(), isFull ? 200 : 10)).toEqual([]);
    expect((await verifyAuditTable(pool(), { log })).ok).toBe(true);
  });

  it("would not pass with a writer that takes a lost connection for a success", async () => {
    const careless: PostgresClient = {
      query: (text, values) =>
        pool()
          .query(text, values)
          .catch((error: unknown) => {
            if (!text.includes("INSERT") || (error as { code?: unknown }).code === "23505") throw error;
            return { rows: [{ count: (values[2] as readonly string[]).length }] };
          }),
    };
    expect((await lostToCuts(careless, 10)).length).toBeGreaterThan(0);
  });

  it("refuses to change or remove rows, and finds what the owner of the database changed (TEL-06)", async () => {
    const writer = await open();
    await writer.append([input("A"), input("B"), input("C"), input("D")], { expectedSeq: 0 });
    const checkpoint = writer.head() ?? undefined;
    for (const sql of ["UPDATE gov_audit_entries SET seq = 9", "DELETE FROM gov_audit_entries", "TRUNCATE gov_audit_entries"])
      await expect(pool().query(sql)).rejects.toThrow("append-only");
    await pool().query(auditTableSql);
    const { rows: before } = await pool().query<{ seq: string; line: string }>("SELECT seq, line FROM gov_audit_entries WHERE log = $1", [
      log,
    ]);
    const restore = `DELETE FROM gov_audit_entries WHERE log = $log; INSERT INTO gov_audit_entries VALUES ${before.map(({ seq, line }) => `($log, ${seq}, '${line}')`).join(", ")}`;
    const cases: readonly (readonly [string, number | null, string])[] = [
      ["UPDATE gov_audit_entries SET line = replace(line, 'ann', 'eve') WHERE log = $log AND seq = 2", 2, "TELEMETRY_AUDIT_ENTRY_ALTERED"],
      ["DELETE FROM gov_audit_entries WHERE log = $log AND seq = 2", 2, "TELEMETRY_AUDIT_CHAIN_BROKEN"],
      ["DELETE FROM gov_audit_entries WHERE log = $log AND seq = 4", null, "TELEMETRY_AUDIT_TRUNCATED"],
      ["UPDATE gov_audit_entries SET seq = 9 WHERE log = $log AND seq = 4", 4, "TELEMETRY_AUDIT_CHAIN_BROKEN"],
      ["UPDATE gov_audit_entries SET seq = seq + 10 WHERE log = $log", 1, "TELEMETRY_AUDIT_CHAIN_BROKEN"],
      ["UPDATE gov_audit_entries SET line = line || E'\\n' WHERE log = $log AND seq = 3", 4, "TELEMETRY_AUDIT_ENTRY_ALTERED"],
      // All lines in their order, but two in one row.
      [
        `UPDATE gov_audit_entries a SET line = a.line || E'\\n' || b.line FROM gov_audit_entries b WHERE a.log = $log AND a.seq = 3 AND b.log = $log AND b.seq = 4;
         DELETE FROM gov_audit_entries WHERE log = $log AND seq = 4`,
        ...([3, "TELEMETRY_AUDIT_CHAIN_BROKEN"] as const),
      ],
      ["UPDATE gov_audit_entries SET seq = seq + 100000 WHERE log = $log AND seq > 2", 3, "TELEMETRY_AUDIT_CHAIN_BROKEN"],
    ];
    for (const [sql, seq, code] of cases) {
      await tamper(sql);
      const report = await verifyAuditTable(pool(), { log, checkpoint });
      expect([sql, report.ok, report.firstAltered?.seq ?? null, report.findings[0]?.code]).toEqual([sql, false, seq, code]);
      await expect(open({ checkpoint })).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
      await tamper(restore);
    }
    expect(await verifyAuditTable(pool(), { log, checkpoint })).toMatchObject({ ok: true, entries: 4 });
  });

  it("finds against a Merkle checkpoint kept outside what its owner wrote anew from some row on, and proves what stayed (TEL-06)", async () => {
    const honest = await open();
    await honest.append(
      Array.from({ length: 9 }, (_, n) => input(`E${String(n)}`)),
      { expectedSeq: 0 },
    );
    const entries = await collect(honest.read());
    const leaves = entries.map(({ hash }) => hash);
    const kept = checkpointAt(entries, leaves[6] ?? "sha256:");
    expect(await verifyAuditTable(pool(), { log, checkpoint: kept })).toMatchObject({ ok: true, entries: 9 });
    const name = log;
    log = `forged ${name}`;
    const forger = await open();
    await forger.append(
      Array.from({ length: 9 }, (_, n) => input(n === 4 ? "FORGED" : `E${String(n)}`)),
      { expectedSeq: 0 },
    );
    const forged = await collect(forger.read());
    await tamper(`DELETE FROM gov_audit_entries WHERE log = '${name}'; UPDATE gov_audit_entries SET log = '${name}' WHERE log = $log`);
    log = name;
    // Its own chain holds: only what is known outside tells.
    expect((await verifyAuditTable(pool(), { log })).ok).toBe(true);
    expect((await verifyAuditTable(pool(), { log, checkpoint: kept })).findings[0]?.code).toBe("TELEMETRY_AUDIT_CHECKPOINT_MISMATCH");
    await expect(open({ checkpoint: kept })).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
    const standing = (await collect((await open()).read())).map(({ hash }) => hash);
    expect(standing).toEqual(forged.map(({ hash }) => hash));
    const proves = (hashes: typeof standing, index: number): boolean =>
      verifyInclusion(proveInclusion(hashes.slice(0, kept.seq), index), { leaf: leaves[index] ?? "sha256:", root: kept.root });
    expect(leaves.slice(0, kept.seq).map((_, index) => [proves(leaves, index), proves(standing, index)])).toEqual(
      leaves.slice(0, kept.seq).map(() => [true, false]),
    );
    const toRoot = checkpointAt(forged, standing.at(-1) ?? "sha256:").root;
    expect(verifyConsistency(proveConsistency(standing, kept.seq), { fromRoot: kept.root, toRoot })).toBe(false);
    const stayed = checkpointAt(entries, leaves[3] ?? "sha256:");
    expect(verifyConsistency(proveConsistency(standing, stayed.seq), { fromRoot: stayed.root, toRoot })).toBe(true);
  });

  it("hands out no row changed since opening, and appends nothing to a log that became shorter", async () => {
    const name = log;
    const [writer, other] = [await open(), await open()];
    await writer.append([input("A"), input("B"), input("C")], { expectedSeq: 0 });
    await tamper("UPDATE gov_audit_entries SET line = replace(line, 'ann', 'eve') WHERE log = $log AND seq = 2");
    await expect(collect(writer.read(2))).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
    for (const gone of ["seq = 1", "seq > 2"]) {
      log = `${log} ${gone}`;
      const one = await open();
      await one.append([input("A"), input("B"), input("C")], { expectedSeq: 0 });
      await tamper(`DELETE FROM gov_audit_entries WHERE log = $log AND ${gone}`);
      await expect(collect(one.read())).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
    }
    log = name;
    await tamper("DELETE FROM gov_audit_entries WHERE log = $log AND seq > 1");
    await expect(writer.append([input("D")], { expectedSeq: "any" })).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
    await tamper("UPDATE gov_audit_entries SET line = replace(line, 'ann', 'eve') WHERE log = $log");
    await expect(other.append([input("D")], { expectedSeq: "any" })).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
  });

  it("goes on from an archive, whose last entry is its base", async () => {
    const writer = await open();
    await writer.append([input("A"), input("B"), input("C")], { expectedSeq: 0 });
    const [, second] = await collect(writer.read());
    const base = { seq: 2, hash: second?.hash ?? "sha256:" };
    await tamper("DELETE FROM gov_audit_entries WHERE log = $log AND seq <= 2");
    const rest = await open({ base });
    expect((await rest.append([input("D")], { expectedSeq: 3 }))[0]?.seq).toBe(4);
    expect(await verifyAuditTable(pool(), { log, base })).toMatchObject({ ok: true, entries: 2 });
    await tamper("DELETE FROM gov_audit_entries WHERE log = $log");
    expect((await (await open({ base })).append([input("C")], { expectedSeq: 2 }))[0]?.seq).toBe(3);
  });

  it("reads and verifies more rows than fit a page", async () => {
    const writer = await open();
    await writer.append(
      Array.from({ length: 5001 }, (_, n) => input(`E${String(n)}`)),
      { expectedSeq: 0 },
    );
    for (const edge of [99, 100, 101, 3999, 4000, 4001]) {
      // A row that is missing at the edge of what one text or one query holds, and the same entries without it.
      await tamper(`UPDATE gov_audit_entries SET log = $log || '-away' WHERE log = $log AND seq = ${String(edge)}`);
      expect((await verifyAuditTable(pool(), { log })).firstAltered?.seq).toBe(edge);
      await tamper(`UPDATE gov_audit_entries SET log = $log WHERE log = $log || '-away'`);
    }
    expect(await collect(writer.read(4999))).toHaveLength(3);
    expect(await collect(writer.read(6000))).toHaveLength(0);
    expect((await verifyAuditTable(pool(), { log })).entries).toBe(5001);
  });
});
