import type { NatsConnection } from "@nats-io/transport-node";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";

/** Names the server; what is secret in it stays out of files that are committed. */
const natsVariable = "GOV_NATS_URL";

/** Runs with a connection to the server that the environment names, and ends it. */
export async function withNats<T>({ env, lockWaitMs }: Context, run: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const servers = env[natsVariable] ?? "";
  const hint = `set ${natsVariable}, such as nats://host:4222`;
  if (servers === "") throw new InputError("CLI_SERVICE_UNCONFIGURED", "Entries travel over NATS, and no server is named", { hint });
  const { connect } = await import("@nats-io/transport-node");
  const options = { servers, timeout: Math.max(lockWaitMs, 1000), name: "gov", maxReconnectAttempts: -1 };
  const connection = await connect(options).catch((error: unknown) => {
    // The address may hold a password, and is not shown.
    throw new InputError("CLI_SERVICE_UNREACHABLE", `Cannot reach NATS: ${error instanceof Error ? error.message : String(error)}`, {
      hint,
    });
  });
  try {
    return await run(connection);
  } finally {
    await connection.close();
  }
}
