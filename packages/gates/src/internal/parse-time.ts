const shape = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|([+-])(\d\d):(\d\d)))?$/;

/** Epoch milliseconds of an ISO 8601 date (its first instant in UTC) or timestamp with an offset; null for anything else, also for 30 February. */
export function parseTime(text: string): number | null {
  const match = shape.exec(text);
  if (match === null) return null;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/** Epoch milliseconds of the last instant that such a text means: a date means its whole day in UTC, a timestamp itself. */
export function parseLastInstant(text: string): number | null {
  const time = parseTime(text);
  return time === null || text.includes("T") ? time : time + 86_399_999;
}
