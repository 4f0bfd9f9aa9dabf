/** Whether calls go through: `closed` yes, `open` no, `half_open` one on trial. */
export type BreakerState = "closed" | "open" | "half_open";

/** Options of {@link createCircuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Failures in a row that open it, at least 1. @default 5 */
  readonly failureThreshold?: number | undefined;
  /** Milliseconds it stays open before a trial. @default 30000 */
  readonly coolDownMs?: number | undefined;
  /** Milliseconds since some fixed moment, never going back. */
  readonly monotonicMs: () => number;
}

/** Keeps callers away from something that is down, and lets one through after a while to see (IDX-12). */
export interface CircuitBreaker {
  readonly state: () => BreakerState;
  /** True when a call may be made now; in `half_open` only until its outcome is told. */
  readonly admit: () => boolean;
  /** Tells the outcome of a call that was admitted. */
  readonly record: (outcome: "success" | "failure") => void;
}

/**
 * Creates a circuit breaker, closed.
 *
 * @throws RangeError when a threshold or time is out of range.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { failureThreshold = 5, coolDownMs = 30_000, monotonicMs } = options;
  if (!Number.isSafeInteger(failureThreshold) || failureThreshold < 1)
    throw new RangeError(
      `Cannot create a circuit breaker: failureThreshold must be a whole number of at least 1, and is ${failureThreshold}`,
    );
  if (!(coolDownMs >= 0)) throw new RangeError(`Cannot create a circuit breaker: coolDownMs must be at least 0, and is ${coolDownMs}`);
  let failures = 0;
  let openedAt: number | null = null;
  let onTrial = false;

  const state = (): BreakerState => (openedAt === null ? "closed" : monotonicMs() - openedAt < coolDownMs ? "open" : "half_open");
  return {
    state,
    admit: () => {
      const now = state();
      if (now === "closed") return true;
      if (now === "open" || onTrial) return false;
      onTrial = true;
      return true;
    },
    record: (outcome) => {
      onTrial = false;
      failures = outcome === "success" ? 0 : failures + 1;
      if (outcome === "success") openedAt = null;
      // A failed trial opens it again, however few failures there were since.
      else if (openedAt !== null || failures >= failureThreshold) openedAt = monotonicMs();
    },
  };
}
