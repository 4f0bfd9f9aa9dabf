import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { WaitTimers } from "./lock-host.ts";

/** The machine's timers: the one Node default of the port. */
export const nodeWaitTimers: WaitTimers = {
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await wait(ms, undefined, { signal });
    } catch {
      // An aborted wait ends early; whoever waits looks at the signal.
    }
  },
};
