import pg from "pg";
import { type AuditEntry } from "@gov/telemetry/audit";
import { auditTableSql, openAuditTable, type PostgresClient, verifyAuditTable } from "@gov/telemetry/postgres";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import type { LogStore } from "./log-store.ts";

/** Names the server; what is secret in it stays out of files that are committed. */
const postgresVariable = "GOV_POSTGRES_URL";

/** A log in PostgreSQL: any number of machines append to one chain. The table is made when the first entry is appended. */
export function postgresLog(context: Context, name: string): LogStore {
  return {
    shown: `the log "${name}" in PostgreSQL`,
    read: (checkpoint) =>
      withClient(context, async (client) => {
        if (!(await hasTable(client))) return null;
        const report = await verifyAuditTable(client, { log: name, checkpoint });
        return report.entries === 0 && report.ok ? null : { report, entries: report.ok ? await entriesOf(client, name) : [] };
      }),
    append: (run) =>
      withClient(context, async (client) => {
        if (!context.isPermitted()) throw new Error("Cannot append to the log: nobody was asked whether that is allowed");
        if (!(await hasTable(client))) await client.query(auditTableSql, []);
        await using log = await openAuditTable(client, { log: name });
        return await run(log);
      }),
    // A transaction leaves no tail, and a table has no branches.
    setTailAside: () => Promise.resolve(),
    join: () => Promise.resolve(null),
  };
}

async function entriesOf(client: PostgresClient, name: string): Promise<readonly AuditEntry[]> {
  await using log = await openAuditTable(client, { log: name });
  const entries: AuditEntry[] = [];
  for await (const entry of log.read()) entries.push(entry);
  return entries;
}

async function hasTable(client: PostgresClient): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass('gov_audit_entries') IS NOT NULL AS found", []);
  return rows[0]?.["found"] === true;
}

async function withClient<T>({ env, lockWaitMs }: Context, run: (client: PostgresClient) => Promise<T>): Promise<T> {
  const url = env[postgresVariable] ?? "";
  const hint = `set ${postgresVariable}, such as postgres://user@host/database`;
  if (url === "") throw new InputError("CLI_SERVICE_UNCONFIGURED", "The log is kept in PostgreSQL, and no server is named", { hint });
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: Math.max(lockWaitMs, 1000), application_name: "gov" });
  // A connection that is cut fails what is asked over it; without a listener it would end the process as well.
  client.on("error", () => undefined);
  await client.connect().catch((error: unknown) => {
    // The address may hold a password, and is not shown.
    throw new InputError("CLI_SERVICE_UNREACHABLE", `Cannot reach PostgreSQL: ${error instanceof Error ? error.message : String(error)}`, {
      hint,
    });
  });
  try {
    return await run({ query: (text, values) => client.query(text, values) });
  } finally {
    await client.end();
  }
}
