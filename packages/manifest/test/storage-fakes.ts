import type { Clock } from "@gov/manifest/storage";

/** A clock that stands until it is set. */
export function fakeClock(start: string): Clock & { readonly set: (instant: string) => void } {
  let now = Date.parse(start);
  return {
    now: () => now,
    monotonicMs: () => now,
    set: (instant) => {
      now = Date.parse(instant);
    },
  };
}
