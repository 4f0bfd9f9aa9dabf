import { nodeWaitTimers, type WaitTimers } from "@gov/atomic-io/lock";
import { IndexError } from "../errors.ts";
import { PostgresStore } from "../internal/store/postgres-store.ts";
import type { IndexStore } from "../store/index-store.ts";
import { nodeBackgroundTimers } from "../node-background-timers.ts";
import type { PostgresClient } from "./postgres-client.ts";

/** Options of {@link openPostgresStore}. */
export interface OpenPostgresStoreOptions {
  /** Which record of the tables; they hold many. */
  readonly stream: string;
  /** Who holds the lease, for people who look into the table. @default null */
  readonly holder?: string | undefined;
  /** How long a writer may give no sign of life, in milliseconds on the server's clock, before the next one takes over. @default 10_000 */
  readonly leaseMs?: number | undefined;
  /** What an acknowledgement must survive: a power cut, which a server that runs with `fsync` off cannot promise, or the end of the server's process. @default "power" */
  readonly durability?: "power" | "process" | undefined;
  /** Spends the waiting time. @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** Spends the time between signs of life, keeping no process alive. @default the machine's timers */
  readonly renewalTimers?: WaitTimers | undefined;
}

/**
 * Opens the record in PostgreSQL, in the tables of {@link storeTablesSql}, for writers on any number of machines. A commit is one statement: it advances the row of
 * the record only if that still has the writer's epoch and ends where the writer believes, and adds the entries only if it did; so neither the clock nor a paused
 * process can make two orders. The client stays the caller's: closing the record does not end it.
 *
 * @throws {@link IndexError} `INDEX_STORE_UNSUITABLE` when the server cannot keep what is promised; the errors of the client.
 */
export async function openPostgresStore(client: PostgresClient, options: OpenPostgresStoreOptions): Promise<IndexStore> {
  const { stream, holder = null, leaseMs = 10_000, durability = "power" } = options;
  const { timers = nodeWaitTimers, renewalTimers = nodeBackgroundTimers } = options;
  if (stream === "" || stream.includes("\0"))
    throw new RangeError("Cannot open a record without a name: it tells the records of a table apart");
  if (!Number.isFinite(leaseMs) || leaseMs <= 0) throw new RangeError(`Cannot hold a lease for ${leaseMs} ms: it must be more than 0`);
  const { rows } = await client.query("SELECT current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync", []);
  const { encoding, fsync } = rows[0] ?? {};
  if (encoding !== "UTF8") throw unsuitable(`its encoding is ${String(encoding)}`, "create a database with the encoding UTF8");
  if (durability === "power" && fsync !== "on")
    throw unsuitable("it runs with fsync off", 'turn fsync on, or say durability "process" where a power cut may lose entries');
  return new PostgresStore({ client, stream, holder, leaseMs, timers, renewalTimers });
}

function unsuitable(reason: string, hint: string): IndexError {
  return new IndexError("INDEX_STORE_UNSUITABLE", `Cannot keep a record in this database: ${reason}`, { hint });
}
