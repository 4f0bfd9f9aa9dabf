import { parseDuration } from "@gov/schema";

/** Returns a duration in milliseconds, days as 24 hours. @throws RangeError for a text that is none, or one of months, which have no fixed length. */
export function fixedDuration(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok)
    throw new RangeError(`${parsed.findings[0]?.message ?? "Cannot read a duration"}: such as "48h" or "30 days" is expected`);
  const { months, days, milliseconds } = parsed.value;
  if (months > 0) throw new RangeError(`Cannot take "${text}" as a length of time: months have none that is fixed`);
  return days * 86_400_000 + milliseconds;
}
