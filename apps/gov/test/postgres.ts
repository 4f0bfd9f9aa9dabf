import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll } from "vitest";

const isRequired = (process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("postgres");
const host = process.env["PGHOST"] ?? "127.0.0.1";
const server = `postgres://${process.env["PGUSER"] ?? "postgres"}@${host}:${process.env["PGPORT"] ?? "5432"}`;

/** A database for the tests of one file; its address, or null where no server runs and `GOV_TEST_REQUIRE` does not ask for it. */
export async function ownDatabase(): Promise<string | null> {
  const admin = await connect(`${server}/postgres`);
  if (admin === null) return null;
  const database = `gov_cli_${randomBytes(6).toString("hex")}`;
  await admin.query(`CREATE DATABASE ${database} ENCODING 'UTF8' TEMPLATE template0`);
  afterAll(async () => {
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await admin.end();
  });
  return `${server}/${database}`;
}

async function connect(connectionString: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (isRequired) throw new Error("Cannot reach PostgreSQL: GOV_TEST_REQUIRE asks for it", { cause: error });
    return null;
  }
}
