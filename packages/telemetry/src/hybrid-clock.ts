import type { Clock } from "./clock.ts";
import { TelemetryError } from "./errors.ts";

/** Place of an event in the order across runners: a hybrid logical clock, ties broken by node (TEL-05, B-31). */
export interface Lamport {
  /** Name of the runner, unique among those whose events are ordered together. */
  readonly node: string;
  /** Milliseconds times 1,024, or one more than anything seen; grows with every event, also when the wall clock steps back. */
  readonly counter: number;
}

/** Options of {@link createHybridClock}. */
export interface HybridClockOptions {
  readonly clock: Clock;
  /** Name of this runner, 1 to 128 characters. */
  readonly node: string;
  /** How far another runner's clock may be ahead before it is refused, in milliseconds. @default 86400000 */
  readonly maxDriftMs?: number | undefined;
  /** Where a restarted runner goes on: the last counter it has used or seen. @default 0 */
  readonly last?: number | undefined;
}

/** A clock that orders events by cause: what was seen before has the smaller counter. */
export interface HybridClock {
  /**
   * The place of a new local event; greater than every place given or seen before.
   *
   * @throws RangeError when the clock says no time, or there is no greater counter.
   */
  readonly tick: () => Lamport;
  /**
   * Takes note of another runner's event; the next {@link HybridClock.tick} comes after it.
   *
   * @throws {@link TelemetryError} `TELEMETRY_CLOCK_DRIFT` when it lies too far in the future: one wrong clock must not drag all others along.
   */
  readonly merge: (remote: Lamport) => void;
}

/** Counters per millisecond; 2^53 of them last until the year 2248. */
const countersPerMs = 1024;

/** Creates a hybrid logical clock: near the wall clock where that goes forward, counting on where it does not. */
export function createHybridClock(options: HybridClockOptions): HybridClock {
  const { clock, node, maxDriftMs = 86_400_000 } = options;
  if (node === "" || node.length > 128) throw new RangeError(`Cannot name a runner "${node}": it must have 1 to 128 characters`);
  let last = requireCounter(options.last ?? 0);
  return {
    tick: () => {
      // A clock that says no time would end the order for good: what was last stays.
      last = requireCounter(Math.max(last + 1, Math.floor(clock.now()) * countersPerMs));
      return { node, counter: last };
    },
    merge: (remote) => {
      const counter = requireCounter(remote.counter);
      const aheadMs = counter / countersPerMs - clock.now();
      if (!(aheadMs <= maxDriftMs))
        throw new TelemetryError(
          "TELEMETRY_CLOCK_DRIFT",
          `Cannot order after "${remote.node}": its clock is ${String(Math.round(aheadMs))} ms ahead`,
          {
            details: { node: remote.node, aheadMs, maxDriftMs },
            hint: "Set the other machine's clock right; its event was not taken note of",
          },
        );
      last = Math.max(last, counter);
    },
  };
}

/** Orders places: by counter, then by node in code-unit order; a total order over distinct runners' events. */
export function compareLamport(a: Lamport, b: Lamport): number {
  return a.counter - b.counter || (a.node < b.node ? -1 : a.node > b.node ? 1 : 0);
}

function requireCounter(counter: number): number {
  if (Number.isSafeInteger(counter) && counter >= 0) return counter;
  throw new RangeError(`Cannot take the counter ${String(counter)}: it must be a whole number of at least 0`);
}
