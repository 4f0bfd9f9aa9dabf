const minuteMs = 60_000;
/** Years 0001 to 9999: what RFC 3339 can write with four digits. */
const earliestMs = -62_135_596_800_000;
const latestMs = 253_402_300_799_999;
const pattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,3}))?(Z|[+-]\d{2}:\d{2})$/;

/** Offset of `event_time_local` in minutes east of UTC: +08:00 (TEL-03). */
export const localOffsetMinutes = 480;

/**
 * Returns an instant as RFC 3339 text in UTC with milliseconds, such as `2024-01-15T10:00:00.000Z`.
 *
 * @throws RangeError when it is not a whole number of milliseconds in the years 1 to 9999.
 */
export function formatUtc(epochMs: number): string {
  return `${formatFields(epochMs, epochMs)}Z`;
}

/**
 * Returns the same instant at a fixed offset, such as `2024-01-15T18:00:00.000+08:00`.
 *
 * @param offsetMinutes - Minutes east of UTC, a whole number within ±1,439. @default 480
 * @throws RangeError when either is out of range.
 */
export function formatLocal(epochMs: number, offsetMinutes: number = localOffsetMinutes): string {
  if (!Number.isInteger(offsetMinutes) || Math.abs(offsetMinutes) > 1439)
    throw new RangeError(`Cannot format a time at an offset of ${String(offsetMinutes)} minutes: it must be whole and within 1439 of UTC`);
  const magnitude = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? "-" : "+";
  return `${formatFields(epochMs + offsetMinutes * minuteMs, epochMs)}${sign}${pad(Math.floor(magnitude / 60))}:${pad(magnitude % 60)}`;
}

/**
 * Returns the epoch milliseconds of an RFC 3339 time with `Z` or an offset and at most three decimals, or null.
 * A day that does not exist and a leap second are refused, never guessed, and so is an instant that {@link formatUtc} cannot write.
 */
export function parseTime(text: string): number | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, fields = "", decimals = "", offset = "Z"] = match;
  const local = Date.parse(`${fields}.${decimals.padEnd(3, "0")}Z`);
  // Date.parse rolls some impossible dates over, so the date must come back as it was written.
  if (Number.isNaN(local) || local < earliestMs || new Date(local).toISOString().slice(0, 19) !== fields) return null;
  if (offset === "Z") return local;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(4))];
  if (hours > 23 || minutes > 59) return null;
  const shift = (hours * 60 + minutes) * minuteMs;
  const instant = offset.startsWith("-") ? local + shift : local - shift;
  return instant < earliestMs || instant > latestMs ? null : instant;
}

function formatFields(shiftedMs: number, epochMs: number): string {
  if (!Number.isSafeInteger(shiftedMs) || shiftedMs < earliestMs || shiftedMs > latestMs)
    throw new RangeError(`Cannot format ${String(epochMs)} as a time: it must be whole milliseconds in the years 1 to 9999`);
  return new Date(shiftedMs).toISOString().slice(0, 23);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
