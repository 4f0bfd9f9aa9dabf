import { join } from "node:path";
import { type Bridge, openBridge } from "@gov/index-writer/bridge";
import type { Context } from "../context.ts";
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

/** Delivers whatever waits in the queue of a root to its record. */
export function drainQueue(context: Context, governed: Pick<Governed, "root">): ReturnType<Bridge["drain"]> {
  return withDelivery(context, governed, async (deliver) => {
    await using bridge = await openBridge(bridgeFolder(context, governed.root.directory), {
      ...portsOf(context),
      // An entry that the record refuses for good is soon set apart; a record that is out of reach leaves nearly all waiting.
      maxAttempts: 3,
      deliver: async ({ id, payload }) => void (await deliver(id, payload)),
    });
    return await bridge.drain();
  });
}

function portsOf({ fs, lockWaitMs }: Context): { readonly fs: Context["fs"]; readonly timeoutMs: number } {
  return { fs, timeoutMs: lockWaitMs };
}
