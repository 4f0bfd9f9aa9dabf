/** Tells the time; the application passes the machine's clock. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back; only differences mean something. */
  readonly monotonicMs: () => number;
}
