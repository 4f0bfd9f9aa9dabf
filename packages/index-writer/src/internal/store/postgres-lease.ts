import type { WaitTimers } from "@gov/atomic-io/lock";
import type { PostgresClient } from "../../postgres/postgres-client.ts";
import { superseded } from "./entry-codec.ts";
import { renewSql } from "./postgres-statements.ts";

/** Gives signs of life until it is stopped or the lease is found lost. */
export function renewLease(held: {
  readonly client: PostgresClient;
  readonly stream: string;
  readonly epoch: number;
  readonly leaseMs: number;
  readonly renewalTimers: WaitTimers;
}): { readonly lost: AbortSignal; readonly stop: () => void } {
  const { client, stream, epoch, leaseMs, renewalTimers } = held;
  const lost = new AbortController();
  const stopped = new AbortController();
  const renew = async (): Promise<void> => {
    while (!stopped.signal.aborted && !lost.signal.aborted) {
      await renewalTimers.sleep(leaseMs / 4, stopped.signal);
      if (stopped.signal.aborted) return;
      try {
        const { rows } = await client.query(renewSql, [stream, epoch, leaseMs]);
        if (rows.length === 0 && !stopped.signal.aborted) lost.abort(superseded(epoch));
      } catch {
        // Tried again; when others take over meanwhile, the commit notices.
      }
    }
  };
  void renew();
  return { lost: lost.signal, stop: () => stopped.abort() };
}
