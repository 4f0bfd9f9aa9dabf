import { randomBytes } from "node:crypto";
import { auditTableSql } from "@gov/telemetry/postgres";
import pg from "pg";

const isRequired = (process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("postgres");
const server = {
  host: process.env["PGHOST"] ?? "127.0.0.1",
  port: Number(process.env["PGPORT"] ?? 5432),
  user: process.env["PGUSER"] ?? "postgres",
};

/** A database of its own on the server that tests may use, with the table of logs. */
export interface TestDatabase {
  readonly pool: pg.Pool;
  readonly drop: () => Promise<void>;
}

/** Creates one, or returns null where no server runs and `GOV_TEST_REQUIRE` does not ask for it. */
export async function createTestDatabase(): Promise<TestDatabase | null> {
  const admin = new pg.Client({ ...server, database: "postgres" });
  try {
    await admin.connect();
  } catch (error) {
    if (isRequired) throw new Error("Cannot reach PostgreSQL: GOV_TEST_REQUIRE asks for it", { cause: error });
    return null;
  }
  const database = `gov_telemetry_${randomBytes(6).toString("hex")}`;
  await admin.query(`CREATE DATABASE ${database} ENCODING 'UTF8' TEMPLATE template0`);
  const pool = new pg.Pool({ ...server, database, max: 8 });
  // A connection that is cut in a test says so here; what was asked over it fails by itself.
  pool.on("error", () => undefined);
  await pool.query(auditTableSql);
  return {
    pool,
    drop: async () => {
      await pool.end();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
    },
  };
}
