import { join } from "node:path";
import { isIndexError } from "@gov/index-writer";
import { type Bridge, openBridge } from "@gov/index-writer/bridge";
import type { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { refusedWrite } from "../failure.ts";
import type { Governed } from "./load-governed.ts";
import { storageFolder } from "./storage-folder.ts";
import { withDelivery } from "./with-record.ts";

/** Where the queue of a root stands. */
export function bridgeFolder(context: Pick<Context, "env">, directory: string): string {
  return join(storageFolder(context, directory), "bridge");
}

/** Runs with the bridge of a root held, and nowhere to deliver to: to accept entries while the record cannot be reached. */
export async function withQueue<T>(context: Context, { root }: Pick<Governed, "root">, run: (bridge: Bridge) => Promise<T>): Promise<T> {
  await using bridge = await openBridge(bridgeFolder(context, root.directory), {
    ...portsOf(context),
    deliver: () => Promise.reject(new Error("Nothing is delivered here")),
  });
  return await run(bridge);
}

/** What draining came to, and why it stopped before its end; null where it did not. */
type Drained = Awaited<ReturnType<Bridge["drain"]>> & { readonly failure: string | null };

/** Delivers whatever waits in the queue of a root to its record. What the record refuses for good is set apart; where it cannot be reached, everything goes on waiting. */
export function drainQueue(context: Context, governed: Pick<Governed, "root">): Promise<Drained> {
  return withDelivery(context, governed, async (deliver) => {
    const stop = new AbortController();
    let failure: string | null = null;
    let refused = null as InputError | null;
    await using bridge = await openBridge(bridgeFolder(context, governed.root.directory), {
      ...portsOf(context),
      maxAttempts: 2,
      // What keeps the record from being reached stops the drain itself; what it refuses is no reason to keep the others back.
      breaker: { failureThreshold: Number.MAX_SAFE_INTEGER },
      deliver: async ({ id, payload }) => {
        try {
          await deliver(id, payload);
        } catch (error) {
          refused ??= refusedWrite(error);
          // A RangeError: an entry that no record takes.
          if (!(error instanceof RangeError) && (!isIndexError(error) || error.code !== "INDEX_ID_CONFLICT")) {
            failure = error instanceof Error ? error.message : String(error);
            stop.abort();
          }
          throw error;
        }
      },
    });
    const report = await bridge.drain({ signal: stop.signal });
    // Time mends a record that cannot be reached, and no link.
    if (refused !== null) throw refused;
    return { ...report, failure };
  });
}

function portsOf({ fs, lockWaitMs }: Context): { readonly fs: Context["fs"]; readonly timeoutMs: number } {
  return { fs, timeoutMs: lockWaitMs };
}
