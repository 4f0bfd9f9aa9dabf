import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { WaitTimers } from "./lock-host.ts";

/** The machine's timers: the one Node default of the port. */
export const nodeWaitTimers: WaitTimers = {
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, { signal }),
};

/** The same without keeping the process alive. */
export const nodeBackgroundTimers: WaitTimers = {
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, { signal, ref: false }),
};

// A timer that is given more goes off at once.
const longestMs = 2 ** 31 - 1;

async function sleep(ms: number, options: { readonly signal?: AbortSignal | undefined; readonly ref?: boolean }): Promise<void> {
  try {
    await wait(Math.min(ms, longestMs), undefined, options);
  } catch {
    // An aborted wait ends early; whoever waits looks at the signal.
  }
}
