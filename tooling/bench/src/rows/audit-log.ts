import { hash } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonValue } from "@gov/schema";
import { type AuditInput, type AuditLog, openAuditJournal, openAuditLog, verifyAuditFile } from "@gov/telemetry/audit";
import { auditTableSql, openAuditTable, type PostgresClient, verifyAuditTable } from "@gov/telemetry/postgres";
import type { PreparedRow, Row, RowContext } from "../row.ts";
import { below, type Random } from "../seeded-random.ts";

/** Verifying a chained log, and appending to it durably. */
export const auditLogRows: readonly Row[] = [
  { id: "audit-verify", title: "A chained log of 200,000 entries verified", prepare: prepareVerify },
  { id: "audit-append", title: "Durable appends to a chained log from 64 producers", prepare: prepareAppend },
];

interface PgPool extends PostgresClient {
  readonly end: () => Promise<void>;
}

async function prepareVerify({ random, scratch, peers, quick }: RowContext): Promise<PreparedRow> {
  const size = quick ? 10_000 : 200_000;
  const path = join(scratch, "log.jsonl");
  const inputs = Array.from({ length: size }, (_, n) => entry(n, random));
  const log = await openAuditLog(path);
  for (let at = 0; at < size; at += 5_000) await log.append(inputs.slice(at, at + 5_000), { expectedSeq: at });
  await log.close();
  const bytes = await readFile(path);
  const stable = (await peers.load<{ readonly default: (value: unknown) => string }>("fast-json-stable-stringify")).default;
  if ((await verifyAuditFile(path)).entries !== size || naiveVerify(bytes, stable) !== size)
    throw new Error("Cannot compare: a verifier does not read the log");
  const database = await openDatabase(peers);
  const table = await openAuditTable(database.pool, { log: "bench", durability: "process" });
  for (let at = 0; at < size; at += 5_000) await table.append(inputs.slice(at, at + 5_000), { expectedSeq: at });
  return {
    subject: "@gov/telemetry verifyAuditFile",
    contenders: [
      {
        name: "@gov/telemetry verifyAuditFile",
        operations: size,
        run: async () => {
          if (!(await verifyAuditFile(path)).ok) throw new Error("Cannot measure: the log does not hold");
        },
      },
      {
        name: "@gov/telemetry verifyAuditTable, from PostgreSQL",
        operations: size,
        run: async () => {
          if (!(await verifyAuditTable(database.pool, { log: "bench" })).ok) throw new Error("Cannot measure: the log does not hold");
        },
      },
      {
        name: "JSON.parse, fast-json-stable-stringify and SHA-256 by line",
        operations: size,
        run: async () => {
          if (naiveVerify(await readFile(path), stable) !== size) throw new Error("Cannot measure: the log does not hold");
        },
      },
    ],
    rounds: quick ? 3 : 7,
    warmups: 1,
    notes: [
      `${size} entries of ${Math.round(bytes.length / size)} bytes; milliseconds per entry, reading included: 0.002 is 500,000 entries a second, 0.005 is 200,000.`,
      "The plain verifier trusts what JSON.parse makes of a line: repeated keys and other spellings of one value go unseen.",
    ],
  };
}

async function prepareAppend({ random, scratch, quick }: RowContext): Promise<PreparedRow> {
  const producers = 64;
  const each = quick ? 50 : 500;
  const inputs = Array.from({ length: producers * each }, (_, n) => entry(n, random));
  const journal = await openAuditJournal(join(scratch, "journal"));
  const batched = await openAuditJournal(join(scratch, "batched"));
  const lines = await openAuditLog(join(scratch, "log.jsonl"));
  const file = await open(join(scratch, "naive.jsonl"), "a");
  const fewer = inputs.slice(0, 200);
  return {
    subject: "@gov/telemetry openAuditJournal",
    contenders: [
      {
        name: "@gov/telemetry openAuditJournal",
        operations: inputs.length,
        run: () => appendAll(journal, { inputs, producers, batch: 1 }),
      },
      {
        name: "@gov/telemetry openAuditJournal, 16 entries an append",
        operations: inputs.length,
        run: () => appendAll(batched, { inputs, producers, batch: 16 }),
      },
      {
        name: "@gov/telemetry openAuditLog (lines)",
        operations: inputs.length,
        run: () => appendAll(lines, { inputs, producers, batch: 1 }),
      },
      {
        name: "one write and fdatasync each, neither chained nor redacted",
        operations: fewer.length,
        run: async () => {
          for (const input of fewer) {
            await file.write(`${JSON.stringify(input)}\n`);
            await file.datasync();
          }
        },
      },
    ],
    rounds: 9,
    warmups: 2,
    notes: [
      `${producers} producers, each with one append under way at a time, of one entry where nothing else is said, which it waits for before the next; milliseconds per entry: 0.01 is 100,000 entries a second.`,
      "Every entry is redacted, chained, and synced before it is acknowledged.",
    ],
  };
}

async function appendAll(
  log: AuditLog,
  { inputs, producers, batch }: { readonly inputs: readonly AuditInput[]; readonly producers: number; readonly batch: number },
): Promise<void> {
  let next = 0;
  const produce = async (): Promise<void> => {
    while (next < inputs.length) await log.append(inputs.slice(next, (next += batch)), { expectedSeq: "any" });
  };
  await Promise.all(Array.from({ length: producers }, produce));
}

function entry(n: number, random: Random): AuditInput {
  return {
    time: "2024-01-15T10:00:00.000Z",
    kind: ["STATE_TRANSITION", "GATE_RESULT", "INDEXED"][n % 3] ?? "INDEXED",
    actor: `runner-${below(random, 8)}`,
    subject: `PLN-BE-${n}`,
    payload: {
      from_state: "PLANNED",
      to_state: "PACKAGED",
      gate_results: { schema_lint: "PASS" },
      attempt: n,
      seconds: below(random, 1000),
    },
    correlation_id: "0123456789abcdef0123456789abcdef",
  };
}

/** Verifies a chain as one would without this package: parse, put the keys in order, hash, compare. */
function naiveVerify(bytes: Buffer, stable: (value: unknown) => string): number {
  let prev: string | null = null;
  let count = 0;
  for (const line of bytes.toString("utf8").split("\n")) {
    if (line === "") continue;
    const { hash: claimed, ...rest } = JSON.parse(line) as { readonly hash: string; readonly prev: string | null } & Record<
      string,
      JsonValue
    >;
    if (rest.prev !== prev || `sha256:${hash("sha256", stable(rest), "hex")}` !== claimed) return -1;
    prev = claimed;
    count++;
  }
  return count;
}

/** A database of its own on the local server; it is dropped and made again, and stays until the next run. */
async function openDatabase(peers: RowContext["peers"]): Promise<{ readonly pool: PgPool }> {
  const { Pool } = (await peers.load<{ readonly default: { readonly Pool: new (options: object) => PgPool } }>("pg")).default;
  const server = { host: "127.0.0.1", user: "postgres", allowExitOnIdle: true };
  const admin = new Pool({ ...server, database: "postgres" });
  await admin.query("DROP DATABASE IF EXISTS gov_bench_telemetry WITH (FORCE)", []);
  await admin.query("CREATE DATABASE gov_bench_telemetry ENCODING 'UTF8' TEMPLATE template0", []);
  await admin.end();
  const pool = new Pool({ ...server, database: "gov_bench_telemetry", idleTimeoutMillis: 1_000 });
  for (const statement of auditTableSql.split(/;\n(?=CREATE|DROP)/)) await pool.query(statement, []);
  return { pool };
}
