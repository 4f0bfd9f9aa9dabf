const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?Z$/;

/**
 * Returns the epoch milliseconds of an RFC 3339 time in UTC (`2024-01-15T10:00:00Z`, at most three decimals), or null.
 * Strict: a day that does not exist, another offset and a leap second are refused, never guessed.
 */
export function parseInstant(text: string): number | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const ms = Date.parse(text);
  // Date.parse rolls some impossible dates over, so the date must come back as it was written.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== text.slice(0, 19) ? null : ms;
}
