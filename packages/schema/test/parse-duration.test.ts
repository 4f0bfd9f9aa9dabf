import { addDuration, parseDuration } from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const h = 3_600_000;

describe("parseDuration()", () => {
  it.each([
    ["7_years", 84, 0, 0],
    ["90 days", 0, 90, 0],
    ["2 weeks", 0, 14, 0],
    ["6mo", 6, 0, 0],
    ["48h", 0, 0, 48 * h],
    ["15 min", 0, 0, 15 * 60_000],
    ["1h 30m", 0, 0, 1.5 * h],
    ["1d12h", 0, 1, 12 * h],
    ["1 Year 2 Months", 14, 0, 0],
    ["250ms", 0, 0, 250],
    ["1.5h", 0, 0, 1.5 * h],
    ["0s", 0, 0, 0],
    ["P7Y", 84, 0, 0],
    ["P1Y6M", 18, 0, 0],
    ["P2W", 0, 14, 0],
    ["PT36H", 0, 0, 36 * h],
    ["P1DT12H30M5.5S", 0, 1, 12.5 * h + 5_500],
    ["PT0,5S", 0, 0, 500],
    ["P0D", 0, 0, 0],
  ])("reads %s (B-42)", (text, months, days, milliseconds) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: { months, days, milliseconds }, findings: [] });
  });

  it.each([
    "",
    "7",
    "years",
    "7 parsecs",
    "-1h",
    "30m 1h",
    "1h 1h",
    "1.5 days",
    "1.5h 3m",
    " 1h",
    "1h ",
    "P",
    "PT",
    "P1H",
    "PT1D",
    "P1.5Y",
    "PT1M1H",
    "p7y",
    "1h\n",
    "1__h",
    "9".repeat(70),
    "1e3s",
    "Infinityh",
  ])("refuses %j with what is expected", (text) => {
    const read = parseDuration(text);
    expect(read.ok).toBe(false);
    expect(read.findings[0]).toMatchObject({ code: "SCHEMA_DURATION", expected: expect.stringContaining("7_years") as unknown });
  });

  it("reads ISO 8601 and words alike, and never throws", () => {
    const count = fc.nat(9_999);
    fc.assert(
      fc.property(fc.tuple(count, count, count, count, count), ([y, mo, d, hours, s]) => {
        const iso = parseDuration(`P${String(y)}Y${String(mo)}M${String(d)}DT${String(hours)}H${String(s)}S`);
        const words = parseDuration(`${String(y)}_years ${String(mo)} months ${String(d)}d ${String(hours)}h ${String(s)}s`);
        expect(iso).toEqual(words);
        expect(iso).toMatchObject({ value: { months: y * 12 + mo, days: d, milliseconds: hours * h + s * 1_000 } });
      }),
      { seed: 7, numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseDuration(text);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe("addDuration()", () => {
  const after = (from: string, text: string): string => {
    const duration = parseDuration(text);
    if (!duration.ok) throw new Error(text);
    return new Date(addDuration(Date.parse(from), duration.value)).toISOString();
  };

  it.each([
    ["2024-01-31T10:00:00Z", "1mo", "2024-02-29T10:00:00.000Z"],
    ["2023-01-31T10:00:00Z", "1mo", "2023-02-28T10:00:00.000Z"],
    ["2024-02-29T00:00:00Z", "7_years", "2031-02-28T00:00:00.000Z"],
    ["2024-12-15T23:59:59.999Z", "P1M1DT1S", "2025-01-17T00:00:00.999Z"],
    ["0001-03-31T00:00:00Z", "P11M", "0002-02-28T00:00:00.000Z"],
  ])("adds months in the calendar, then days, then time: %s and %s", (from, text, expected) => {
    expect(after(from, text)).toBe(expected);
  });

  it("refuses what no point in time can hold", () => {
    expect(() => addDuration(8.64e15, { months: 0, days: 0, milliseconds: 1 })).toThrow(RangeError);
    expect(() => addDuration(Number.NaN, { months: 0, days: 0, milliseconds: 0 })).toThrow(RangeError);
  });
});
