/** How long to wait between attempts. */
export interface BackoffOptions {
  /** Upper bound of the first wait, in milliseconds. @default 100 */
  readonly initialMs?: number | undefined;
  /** By what the bound grows from wait to wait. @default 2 */
  readonly factor?: number | undefined;
  /** The bound never goes beyond, in milliseconds. @default 10000 */
  readonly maxMs?: number | undefined;
}

/**
 * The wait after a failed attempt with full jitter: anything from 0 to a bound that doubles from attempt to attempt, so that clients that failed together do
 * not come back together.
 *
 * @param attempt - how many attempts have failed, from 1.
 * @param random - a number from 0 up to, not including, 1.
 */
export function backoffDelay(attempt: number, random: number, options: BackoffOptions = {}): number {
  const { initialMs = 100, factor = 2, maxMs = 10_000 } = options;
  return Math.floor(random * Math.min(maxMs, initialMs * factor ** (attempt - 1)));
}
