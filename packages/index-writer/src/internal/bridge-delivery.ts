import type { WaitTimers } from "@gov/atomic-io/lock";
import { backoffDelay, type BackoffOptions } from "../bridge/backoff.ts";
import type { BridgeEntry, DrainReport } from "../bridge/bridge.ts";
import type { CircuitBreaker } from "../bridge/circuit-breaker.ts";
import type { BridgeChange, BridgeState } from "./bridge-state.ts";

/** What delivering waiting entries takes. */
export interface Delivery {
  readonly state: BridgeState;
  readonly deliver: (entry: BridgeEntry) => Promise<void>;
  /** Takes entries while the circuit breaker is open; without one they wait. */
  readonly fallback: ((entry: BridgeEntry) => Promise<void>) | undefined;
  readonly breaker: CircuitBreaker;
  readonly commit: (change: BridgeChange) => Promise<void>;
  readonly attempts: (succeeded: boolean) => void;
  /** What went wrong with entries that wait, by number: an attempt counts, also where the circuit breaker opened after it. */
  readonly failures: Map<number, readonly string[]>;
  readonly timers: WaitTimers;
  readonly random: () => number;
  readonly backoff: BackoffOptions;
  readonly maxAttempts: number;
  /** Deliveries that are acknowledged in one commit; so many may be delivered again after a crash. */
  readonly acknowledgeEvery: number;
  readonly signal?: AbortSignal | undefined;
}

/** Delivers in order until nothing waits, the breaker is open and there is no fallback, or the signal is given. */
export async function deliverPending(delivery: Delivery): Promise<DrainReport> {
  const { state, commit, failures, acknowledgeEvery } = delivery;
  let delivered: number[] = [];
  let deliveredCount = 0;
  let dead = 0;
  const acknowledge = async (): Promise<void> => {
    if (delivered.length === 0) return;
    deliveredCount += delivered.length;
    await commit({ op: "delivered", seqs: delivered });
    delivered = [];
  };
  let stopped: DrainReport["stopped"] = "empty";
  while (stopped === "empty" && state.pending.size > 0) {
    for (const entry of [...state.pending.values()].sort((a, b) => a.seq - b.seq)) {
      const outcome = await deliverOne(delivery, entry);
      if (outcome === "delivered") delivered.push(entry.seq);
      else if (typeof outcome === "object") {
        await acknowledge();
        await commit({ op: "dead", seq: entry.seq, errors: outcome.errors });
        failures.delete(entry.seq);
        dead += 1;
      } else {
        stopped = outcome;
        break;
      }
      if (delivered.length >= acknowledgeEvery) await acknowledge();
    }
    await acknowledge();
  }
  return { delivered: deliveredCount, dead, stopped };
}

async function deliverOne(
  delivery: Delivery,
  entry: BridgeEntry,
): Promise<"delivered" | "breaker_open" | "aborted" | { readonly errors: readonly string[] }> {
  const { breaker, deliver, fallback, attempts, failures, timers, random, backoff, maxAttempts, signal } = delivery;
  for (;;) {
    const errors = failures.get(entry.seq) ?? [];
    if (errors.length >= maxAttempts) return { errors };
    if (signal?.aborted === true) return "aborted";
    const viaFallback = !breaker.admit();
    if (viaFallback && fallback === undefined) return "breaker_open";
    try {
      await (viaFallback ? fallback : deliver)?.(entry);
      if (!viaFallback) breaker.record("success");
      attempts(true);
      failures.delete(entry.seq);
      return "delivered";
    } catch (error) {
      if (!viaFallback) breaker.record("failure");
      attempts(false);
      const message = error instanceof Error ? error.message : String(error);
      // Whoever cuts a text may leave half a character, of which the journal has no form.
      failures.set(entry.seq, [...errors, message.replace(/\p{Cs}/gu, "\ufffd")]);
    }
    if (errors.length + 1 < maxAttempts) await timers.sleep(backoffDelay(errors.length + 1, random(), backoff), signal);
  }
}
