import type { TemporaryOwner } from "./temp-name.ts";

/** What naming and sweeping temporaries needs of the machine, as a port. */
export interface OwnerHost {
  /** This process. */
  readonly self: () => TemporaryOwner;
  /** When the process of that pid started, in clock ticks since boot; null when there is none, undefined when that cannot be found out. */
  readonly startOf: (pid: number) => string | null | undefined;
  /** When the running kernel was started, in milliseconds since the epoch, or null. */
  readonly bootedMs: () => number | null;
  /** The present time in milliseconds since the epoch. */
  readonly now: () => number;
}
