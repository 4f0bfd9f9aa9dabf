import { type AuditEntry } from "@gov/telemetry/audit";
import { auditTableSql, openAuditTable, type PostgresClient, verifyAuditTable } from "@gov/telemetry/postgres";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { decisionRedactor } from "./decision-redactor.ts";
import type { LogStore } from "./log-store.ts";
import { withPostgres } from "./with-postgres.ts";

/** A log in PostgreSQL: any number of machines append to one chain. The table is made when the first entry is appended. */
export function postgresLog(context: Context, name: string): LogStore {
  return {
    shown: `the log "${name}" in PostgreSQL`,
    read: (checkpoint) =>
      withPostgres(context, async (client) => {
        if (!(await hasTable(client))) return null;
        const report = await verifyAuditTable(client, { log: name, checkpoint });
        return report.entries === 0 && report.ok ? null : { report, entries: report.ok ? await entriesOf(client, name) : [] };
      }),
    append: (run) =>
      withPostgres(context, async (client) => {
        if (!context.isPermitted()) throw new Error("Cannot append to the log: nobody was asked whether that is allowed");
        if (!(await hasTable(client))) await client.query(auditTableSql, []);
        await using log = await openAuditTable(client, { log: name, redactor: decisionRedactor() });
        return await run(log);
      }),
    // A transaction leaves no tail, and a table has no branches.
    setTailAside: () => Promise.resolve(),
    heads: () => Promise.resolve([]),
    join: () => Promise.resolve(null),
    archive: () =>
      Promise.reject(
        new InputError(
          "CLI_LOG_NOT_IN_FILE",
          `Cannot archive the log "${name}": archives are of a log in a file, and this one is in PostgreSQL`,
          {
            hint: "partition or archive the table gov_audit_entries with the tools of the database",
          },
        ),
      ),
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
