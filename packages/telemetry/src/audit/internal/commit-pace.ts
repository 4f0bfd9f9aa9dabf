import type { Clock } from "../../clock.ts";

/** Finds out whether the next commit had better begin before those whose entries are durable are told, and go on to their next append, or after. */
export interface CommitPace {
  /** True when the disk is done sooner than the callers: then their work hides its time. Else one commit for all of them is faster than two. */
  readonly overlaps: () => boolean;
  /** Callers are told. */
  readonly told: () => void;
  /** Those that were told have done what they had to. */
  readonly idle: () => void;
  /** A commit has ended for which nothing else was left to do. */
  readonly settled: () => void;
}

/** Creates a pace that goes by how long callers and disk took the last time. A clock that says nothing, or fails, lets no commit begin sooner and stops none. */
export function createCommitPace(clock: Clock): CommitPace {
  const monotonicMs = (): number => {
    try {
      return clock.monotonicMs();
    } catch {
      return Number.NaN;
    }
  };
  let overlaps = false;
  let toldMs = 0;
  let idleMs = 0;
  return {
    overlaps: () => overlaps,
    told: () => void (toldMs = monotonicMs()),
    idle: () => void (idleMs = monotonicMs()),
    settled: () => {
      const work = idleMs - toldMs;
      const wait = monotonicMs() - idleMs;
      // Half of the callers at a time takes two commits, or all of their work where that is longer; all at a time takes one commit and all of their work.
      // A commit has its price, so what is gained must be worth it; later on half of the disk's time is hidden already.
      overlaps = wait <= (overlaps ? work : 0.75 * work);
    },
  };
}
