import { join } from "node:path";
import { IndexError, type IndexStore, openFileStore, openStoreWriter } from "@gov/index-writer";
import { openNatsClient } from "@gov/index-writer/nats";
import { openPostgresStore, storeTablesSql } from "@gov/index-writer/postgres";
import type { JsonValue } from "@gov/schema";
import type { Context } from "../context.ts";
import { refusedWrite } from "../failure.ts";
import type { Governed } from "./load-governed.ts";
import { storageFolder } from "./storage-folder.ts";
import { withNats } from "./with-nats.ts";
import { withPostgres } from "./with-postgres.ts";

/** How long whoever died while writing to the record keeps others waiting, in milliseconds. */
const leaseMs = 3000;

/** What a root is asked where its record is kept. */
type Where = Pick<Governed, "root">;

/** Runs with the record of a root, wherever its configuration keeps it; null where there is none yet, and nobody may make one. */
export async function withRecord<T>(context: Context, { root }: Where, run: (store: IndexStore | null) => Promise<T>): Promise<T> {
  const { record } = root.config;
  if (record.store === "file") {
    await using store = await openFileStore(join(storageFolder(context, root.directory), "record"), { fs: context.fs, leaseMs });
    return await run(store);
  }
  const { name } = record;
  return withPostgres(context, async (client) => {
    const { rows } = await client.query("SELECT to_regclass('gov_index_entries') IS NOT NULL AS found", []);
    if (rows[0]?.["found"] !== true) {
      if (!context.isPermitted()) return run(null);
      for (const statement of storeTablesSql) await client.query(statement, []);
    }
    await using store = await openPostgresStore(client, { stream: name, leaseMs });
    return await run(store);
  });
}

/** Takes an entry to the record, and comes back when it is there. */
type Deliver = (id: string, payload: JsonValue) => Promise<unknown>;

/** Runs with a way to the record: straight, or over NATS to whoever serves it. */
export async function withDelivery<T>(context: Context, where: Where, run: (deliver: Deliver) => Promise<T>): Promise<T> {
  if (where.root.config.record.transport === "nats")
    return withNats(context, async (connection) => {
      await using client = openNatsClient(connection, { ...subjectsOf(where), timeoutMs: Math.max(context.lockWaitMs, 2000) });
      return await run((id, payload) => client.append(id, payload));
    });
  return withRecord(context, where, async (store) => {
    if (store === null) throw new Error("Cannot write to the record: nobody was asked whether that is allowed");
    await using writer = openStoreWriter(refusedForGood(store), { timeoutMs: Math.max(context.lockWaitMs, 2 * leaseMs) });
    return await run((id, payload) => writer.append(id, payload));
  });
}

/** The same record, to a writer closed as soon as a write is refused: time mends no link, and trying again keeps whoever called waiting. */
function refusedForGood(store: IndexStore): IndexStore {
  const atOnce = (error: unknown): never => {
    const cause = refusedWrite(error);
    throw cause === null ? error : new IndexError("INDEX_CLOSED", cause.message, { cause });
  };
  return {
    acquire: (options) => store.acquire(options).catch(atOnce),
    commit: (commit) => store.commit(commit).catch(atOnce),
    lastSeq: () => store.lastSeq(),
    read: (fromSeq) => store.read(fromSeq),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** Records of different names travel apart: whatever a subject cannot hold is written as its code, so that no two names become one. */
export function subjectsOf({ root }: Where): { readonly stream: string; readonly subject: string } {
  const { record } = root.config;
  const name = (record.store === "postgres" ? record.name : "").replace(
    /[^A-Za-z0-9-]/gu,
    (char) => `_${char.codePointAt(0)?.toString(16) ?? ""}_`,
  );
  return { stream: `GOV_RECORD_${name}`, subject: `gov.record.${name}.append` };
}
