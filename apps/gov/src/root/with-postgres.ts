import pg from "pg";
import type { PostgresClient } from "@gov/telemetry/postgres";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";

/** Names the server; what is secret in it stays out of files that are committed. */
const postgresVariable = "GOV_POSTGRES_URL";

/** Runs with a connection to the server that the environment names, and ends it. */
export async function withPostgres<T>({ env, lockWaitMs }: Context, run: (client: PostgresClient) => Promise<T>): Promise<T> {
  const url = env[postgresVariable] ?? "";
  const hint = `set ${postgresVariable}, such as postgres://user@host/database`;
  if (url === "") throw new InputError("CLI_SERVICE_UNCONFIGURED", "Something is kept in PostgreSQL, and no server is named", { hint });
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
