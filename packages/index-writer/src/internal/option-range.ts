import type { BackoffOptions } from "../bridge/backoff.ts";

/** Refuses what is no number of at least so much: a limit of NaN would limit nothing, and a time of NaN would pass at once. */
export function atLeast(least: number, value: number, name: string): number {
  if (typeof value === "number" && value >= least) return value;
  throw new RangeError(`${name} must be at least ${least}, and is ${String(value)}`);
}

/** The same for whole numbers. */
export function wholeAtLeast(least: number, value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`${name} must be a whole number of at least ${least}, and is ${String(value)}`);
}

/** Refuses waits that are none. */
export function backoffWithin(backoff: BackoffOptions, what: string): BackoffOptions {
  const { initialMs = 0, factor = 1, maxMs = 0 } = backoff;
  atLeast(0, initialMs, `${what}: initialMs of its backoff`);
  atLeast(1, factor, `${what}: factor of its backoff`);
  atLeast(0, maxMs, `${what}: maxMs of its backoff`);
  return backoff;
}
