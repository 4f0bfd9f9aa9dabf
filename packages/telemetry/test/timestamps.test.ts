import { formatLocal, formatUtc, parseTime } from "@gov/telemetry";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const instant = fc.integer({ min: -62_135_596_800_000 + 86_400_000, max: 253_402_300_799_999 - 86_400_000 });

describe("formatUtc()", () => {
  it("writes what parseTime() reads back, in the order of the instants", () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        expect(parseTime(formatUtc(a))).toBe(a);
        expect(formatUtc(a) < formatUtc(b)).toBe(a < b);
      }),
    );
  });

  it("refuses what is no instant of the years 1 to 9999", () => {
    for (const ms of [NaN, Infinity, 0.5, 253_402_300_800_000, -62_135_596_800_001]) expect(() => formatUtc(ms)).toThrow(RangeError);
  });
});

describe("formatLocal()", () => {
  it("writes the same instant at any offset", () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -1439, max: 1439 }), (ms, offset) => {
        expect(parseTime(formatLocal(ms, offset))).toBe(ms);
      }),
    );
    expect(formatLocal(0)).toBe("1970-01-01T08:00:00.000+08:00");
    expect(formatLocal(0, -210)).toBe("1969-12-31T20:30:00.000-03:30");
    for (const offset of [1440, 0.5]) expect(() => formatLocal(0, offset)).toThrow(RangeError);
  });
});

describe("parseTime()", () => {
  it("refuses days and hours that do not exist, leap seconds and other writings", () => {
    const bad = [
      "2024-02-30T00:00:00Z",
      "2023-02-29T00:00:00Z",
      "2024-01-01T24:00:00Z",
      "2024-12-31T23:59:60Z",
      "2024-01-01",
      "2024-01-01T00:00:00",
      "2024-01-01t00:00:00z",
      "2024-01-01T00:00:00.1234Z",
      "2024-01-01T00:00:00+24:00",
      "2024-01-01T00:00:00+08:60",
      "0000-01-01T00:00:00Z",
      // Instants in the years 0 and 10000, which nothing here can write.
      "0001-01-01T00:00:00+08:00",
      "9999-12-31T23:59:59-08:00",
    ];
    for (const text of bad) expect(parseTime(text), text).toBeNull();
    expect(parseTime("2024-02-29T10:00:00.5+08:00")).toBe(Date.parse("2024-02-29T02:00:00.500Z"));
  });
});
