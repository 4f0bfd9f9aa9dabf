/** Tells the time; the application passes the machine's clock. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
}
