/**
 * The record in PostgreSQL, for writers on many machines; the client is given, so nothing is installed beside.
 *
 * @example Create the tables with a migration
 * ```ts
 * import assert from "node:assert/strict";
 * import { storeTablesSql } from "@gov/index-writer/postgres";
 *
 * // With `pg`: `for (const sql of storeTablesSql) await pool.query(sql)`, then `await openPostgresStore(pool, { stream: "artifacts" })`.
 * assert.equal(storeTablesSql.length, 2);
 * ```
 *
 * @packageDocumentation
 */
export { openPostgresStore, type OpenPostgresStoreOptions } from "./open-postgres-store.ts";
export type { PostgresClient } from "./postgres-client.ts";
export { storeTablesSql } from "./store-tables-sql.ts";
