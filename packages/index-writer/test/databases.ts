import { randomBytes } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import { type PostgresClient, storeTablesSql } from "@gov/index-writer/postgres";
import pg from "pg";

/** A database of its own, with the tables of the record. */
export interface TestDatabase {
  readonly client: PostgresClient;
  readonly connectionString: string;
  readonly end: () => Promise<void>;
}

/** Creates a database on the server of the machine. */
export async function serverDatabase(server = "postgres://postgres@127.0.0.1:5432/postgres"): Promise<TestDatabase> {
  const name = `gov_index_${randomBytes(6).toString("hex")}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  await admin.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 4 });
  // A server that is stopped ends idle connections: the next query takes a new one.
  pool.on("error", () => undefined);
  for (const sql of storeTablesSql) await pool.query(sql);
  return {
    client: pool,
    connectionString: url.href,
    end: async () => {
      await pool.end();
      const last = new pg.Client({ connectionString: server });
      await last.connect();
      await last.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await last.end();
    },
  };
}

/** Creates a database within this process. */
export async function embeddedDatabase(): Promise<TestDatabase> {
  const database = await PGlite.create();
  for (const sql of storeTablesSql) await database.query(sql);
  return { client: database, connectionString: "", end: () => database.close() };
}
