/**
 * The chained log in PostgreSQL, for many writers on many machines; the client is given, so nothing is installed beside.
 *
 * @example Create the table with a migration
 * ```ts
 * import assert from "node:assert/strict";
 * import { auditTableSql } from "@gov/telemetry/postgres";
 *
 * // With `pg`: `await pool.query(auditTableSql)`, and then `await openAuditTable(pool, { log: "decisions" })`.
 * assert.match(auditTableSql, /line text/);
 * ```
 *
 * @packageDocumentation
 */
export { auditTableSql } from "./audit-table-sql.ts";
export { openAuditTable, type OpenAuditTableOptions } from "./open-audit-table.ts";
export type { PostgresClient } from "./postgres-client.ts";
export { verifyAuditTable, type VerifyAuditTableOptions } from "./verify-audit-table.ts";
