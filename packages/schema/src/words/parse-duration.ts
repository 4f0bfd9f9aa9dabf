import { type Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";

/** A length of time. The three parts are kept apart, because a month has no fixed number of days, and a day of local time none of hours. */
export interface Duration {
  /** Calendar months; a year is twelve. */
  readonly months: number;
  /** Calendar days; a week is seven. */
  readonly days: number;
  /** Exact time of hours, minutes, seconds and below. */
  readonly milliseconds: number;
}

/** Months, days and milliseconds of one unit. */
type Unit = readonly [months: number, days: number, milliseconds: number];

const hour = 3_600_000;
// Largest first: a duration names its units in this order.
const units: readonly (readonly [names: readonly string[], unit: Unit])[] = [
  [
    ["y", "yr", "yrs", "year", "years"],
    [12, 0, 0],
  ],
  [
    ["mo", "month", "months"],
    [1, 0, 0],
  ],
  [
    ["w", "week", "weeks"],
    [0, 7, 0],
  ],
  [
    ["d", "day", "days"],
    [0, 1, 0],
  ],
  [
    ["h", "hr", "hrs", "hour", "hours"],
    [0, 0, hour],
  ],
  [
    ["m", "min", "mins", "minute", "minutes"],
    [0, 0, 60_000],
  ],
  [
    ["s", "sec", "secs", "second", "seconds"],
    [0, 0, 1_000],
  ],
  [
    ["ms", "millisecond", "milliseconds"],
    [0, 0, 1],
  ],
];
const rankByName: ReadonlyMap<string, number> = new Map(units.flatMap(([names], rank) => names.map((name) => [name, rank])));
// The ranks that the letters of ISO 8601 have, before and after the T.
const isoRanks: ReadonlyMap<string, number> = new Map([..."YMWD"].map((letter, rank) => [letter, rank]));
const isoTimeRanks: ReadonlyMap<string, number> = new Map([..."HMS"].map((letter, rank) => [letter, rank + 4]));

/**
 * Reads a duration as the rule documents write them (B-42): `7_years`, `48h`, `15 min`, `1h 30m`, `90 days`, or ISO 8601: `P7Y`, `PT36H`, `P1DT12H`.
 * `m` is minutes and `mo` months. Units stand largest first, each once; only the last may have a fraction, and only when it is of hours or
 * less. A duration is never negative.
 *
 * @example Read how long snapshots are kept
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseDuration } from "@gov/schema";
 *
 * const kept = parseDuration("7_years");
 * assert.ok(kept.ok);
 * assert.deepEqual(kept.value, { months: 84, days: 0, milliseconds: 0 });
 * ```
 */
export function parseDuration(text: string): Result<Duration> {
  const parts = text.length > 64 ? null : text.startsWith("P") ? isoParts(text) : wordParts(text);
  const value = parts === null ? null : sum(parts);
  if (value !== null) return { ok: true, value, findings: [] };
  const message = `Cannot read the duration ${JSON.stringify(text.slice(0, 64))}`;
  const expected = '"7_years", "48h", "1h 30m" or ISO 8601 such as "P7Y", largest unit first';
  return { ok: false, findings: [makeFinding("SCHEMA_DURATION", message, { path: null, expected })] };
}

/**
 * The point in time a duration after another, both in milliseconds since 1970: months first, in the calendar of UTC, the day clamped to the
 * month it falls in (31 January and a month is the last of February), then days of 24 hours, then the exact time.
 *
 * @throws {RangeError} When the result lies outside of what a point in time can be.
 * @example When a snapshot may go
 * ```ts
 * import assert from "node:assert/strict";
 * import { addDuration } from "@gov/schema";
 *
 * const sealed = Date.parse("2024-02-29T12:00:00Z");
 * assert.equal(new Date(addDuration(sealed, { months: 84, days: 0, milliseconds: 0 })).toISOString(), "2031-02-28T12:00:00.000Z");
 * ```
 */
export function addDuration(epochMs: number, duration: Duration): number {
  const { months, days, milliseconds } = duration;
  const date = new Date(epochMs);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(2000, 0, 1));
  lastDay.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
  date.setUTCDate(Math.min(day, lastDay.getUTCDate()));
  const result = date.getTime() + days * 24 * hour + milliseconds;
  if (!(Math.abs(result) <= 8.64e15))
    throw new RangeError(`Cannot add a duration to ${String(epochMs)}: a point in time within 8.64e15 is expected`);
  return result;
}

interface Part {
  readonly rank: number;
  readonly number: string;
}

function wordParts(text: string): readonly Part[] | null {
  const parts: Part[] = [];
  const pattern = /[ _]*([0-9]{1,9}(?:\.[0-9]{1,9})?)[ _]?([A-Za-z]{1,12})/y;
  while (pattern.lastIndex < text.length) {
    const [, number, name] = pattern.exec(text) ?? [];
    const rank = rankByName.get(name?.toLowerCase() ?? "");
    if (number === undefined || rank === undefined) return null;
    parts.push({ rank, number });
  }
  return /^[ _]/.test(text) ? null : parts;
}

function isoParts(text: string): readonly Part[] | null {
  const [, date = "", time] = /^P([0-9.,YMWD]*)(?:T([0-9.,HMS]+))?$/.exec(text) ?? [];
  const read = (source: string, ranks: ReadonlyMap<string, number>): Part[] | null => {
    const found = [...source.matchAll(/([0-9]{1,9}(?:[.,][0-9]{1,9})?)([A-Z])/g)];
    if (found.map(([whole]) => whole).join("") !== source) return null;
    return found.map(([, number = "", letter = ""]) => ({ rank: ranks.get(letter) ?? -1, number: number.replace(",", ".") }));
  };
  const [before, after] = [read(date, isoRanks), read(time ?? "", isoTimeRanks)];
  return before === null || after === null ? null : [...before, ...after];
}

function sum(parts: readonly Part[]): Duration | null {
  let [months, days, milliseconds] = [0, 0, 0];
  if (parts.length === 0) return null;
  for (const [index, { rank, number }] of parts.entries()) {
    const unit = units[rank]?.[1];
    if (unit === undefined || rank <= (parts[index - 1]?.rank ?? -1)) return null;
    if (number.includes(".") && (unit[2] === 0 || index < parts.length - 1)) return null;
    months += unit[0] * Number(number);
    days += unit[1] * Number(number);
    milliseconds += Math.round(unit[2] * Number(number));
  }
  return { months, days, milliseconds };
}
