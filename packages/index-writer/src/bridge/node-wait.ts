import type { WaitTimers } from "@gov/atomic-io/lock";

/** The machine's timers. */
export const nodeTimers: WaitTimers = {
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done, { once: true });
      if (signal?.aborted === true) done();
    }),
};

/** The machine's randomness, for jitter alone. */
export const nodeRandom = (): number => Math.random();
