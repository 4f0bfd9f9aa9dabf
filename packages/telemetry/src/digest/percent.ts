/**
 * Returns what share `part` is of `whole`, in whole percent, halves rounded up (23 of 28 is 82), or null when there is nothing to share.
 * Exact integer arithmetic: the same counts always give the same number.
 *
 * @throws RangeError when either is not a whole number of at least 0, or the part exceeds the whole.
 */
export function percentOf(part: number, whole: number): number | null {
  if (!isCount(part) || !isCount(whole) || part > whole)
    throw new RangeError(`Cannot take ${String(part)} of ${String(whole)} as a share: both must be counts, the first at most the second`);
  return whole === 0 ? null : Number((200n * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)));
}

/** True for a whole number of at least 0. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
