import type { Clock } from "./clock.ts";

/** The machine's clock: the Node default of the `Clock` port. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};
