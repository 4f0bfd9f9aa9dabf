import { setTimeout } from "node:timers/promises";
import { nodeWaitTimers, type WaitTimers } from "@gov/atomic-io/lock";

/** Waits without keeping the process alive: the one Node default. A wait that is ended early just ends. */
export const nodeBackgroundTimers: WaitTimers = {
  monotonicMs: nodeWaitTimers.monotonicMs,
  sleep: (ms, signal) => setTimeout(ms, undefined, { ref: false, signal }).catch(() => undefined),
};
