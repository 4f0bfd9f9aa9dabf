import { describe, expect, it } from "vitest";
import { seededRandom } from "../src/seeded-random.ts";
import { pairedRatio, quantile, spread } from "../src/statistics.ts";

describe("quantile()", () => {
  it("interpolates between the closest ranks, in any order of the samples", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20], 0.1)).toBe(11);
    expect(quantile([7], 0.9)).toBe(7);
  });

  it("orders by value and not by text", () => {
    expect(quantile([10, 9, 100], 0.5)).toBe(10);
  });

  it("refuses to summarise nothing", () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  it("leaves the samples as they were", () => {
    const samples = [3, 1, 2];
    quantile(samples, 0.5);
    expect(samples).toEqual([3, 1, 2]);
  });
});

describe("spread()", () => {
  it("is not moved by one outlier", () => {
    expect(spread([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 999])).toEqual({ median: 1, p10: 1, p90: 1 });
  });
});

describe("pairedRatio()", () => {
  it("finds the factor even when the machine becomes ten times slower on the way", () => {
    const own = [1, 1.1, 0.9, 10, 11, 9];
    const theirs = own.map((value) => value * 3);
    const ratio = pairedRatio(theirs, own, { random: seededRandom(1) });
    for (const value of [ratio.median, ratio.low, ratio.high]) expect(value).toBeCloseTo(3, 10);
  });

  it("covers 1 when there is no difference but noise", () => {
    const random = seededRandom(7);
    const noise = (): number[] => Array.from({ length: 40 }, () => 1 + random());
    const ratio = pairedRatio(noise(), noise(), { random });
    expect(ratio.low).toBeLessThan(1);
    expect(ratio.high).toBeGreaterThan(1);
    expect(ratio.low).toBeLessThanOrEqual(ratio.median);
    expect(ratio.high).toBeGreaterThanOrEqual(ratio.median);
  });

  it("gives the same interval for the same seed", () => {
    const [left, right] = [
      [1, 2, 3, 4],
      [2, 2, 2, 3],
    ];
    const once = pairedRatio(left, right, { random: seededRandom(3) });
    expect(pairedRatio(left, right, { random: seededRandom(3) })).toEqual(once);
  });

  it("refuses lists that cannot be paired", () => {
    expect(() => pairedRatio([1, 2], [1], { random: seededRandom(1) })).toThrow("the lists differ in length");
    expect(() => pairedRatio([], [], { random: seededRandom(1) })).toThrow(RangeError);
  });
});
