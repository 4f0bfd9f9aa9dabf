import { comparePerformance, evaluateGates, type PerformancePair } from "@gov/gates";
import { describe, expect, it } from "vitest";
import { studentQuantile } from "../src/internal/student-quantile.ts";
import { evidenceOf } from "./evidence-fixture.ts";
import { times } from "./proof-scale.ts";

/** Uniform numbers from 0 to 1 (mulberry32), the same for the same seed. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = uniforms(20_260_101);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Pairs that share a drift of ±30 % and add noise of their own, each side. */
function simulate(
  options: { readonly count?: number; readonly slowdown?: number; readonly noise?: number } = {},
): readonly PerformancePair[] {
  const { count = 30, slowdown = 0, noise = 0.08 } = options;
  return Array.from({ length: count }, () => {
    const drift = 100 * (1 + 0.3 * (2 * random() - 1));
    return { baseline: drift * Math.exp(noise * normal()), candidate: drift * (1 + slowdown) * Math.exp(noise * normal()) };
  });
}

describe("studentQuantile()", () => {
  it("agrees with published tables", () => {
    const table = [
      [0.995, 1, 63.656741],
      [0.975, 2, 4.302653],
      [0.995, 5, 4.032143],
      [0.975, 10, 2.228139],
      [0.995, 29, 2.756386],
      [0.95, 30, 1.697261],
      [0.995, 100, 2.625891],
      [0.975, 1000, 1.962339],
    ] as const;
    for (const [probability, degrees, expected] of table) expect(studentQuantile(probability, degrees)).toBeCloseTo(expected, 5);
  });

  it("agrees with simulated values", () => {
    const degrees = 5;
    const values = Array.from({ length: 100_000 }, () => {
      const chi = Array.from({ length: degrees }, () => normal() ** 2).reduce((sum, value) => sum + value, 0);
      return normal() / Math.sqrt(chi / degrees);
    });
    const below = values.filter((value) => value < studentQuantile(0.95, degrees)).length / values.length;
    expect(below).toBeGreaterThan(0.947);
    expect(below).toBeLessThan(0.953);
  });

  it("refuses what has no quantile", () => {
    for (const [probability, degrees] of [
      [0.5, 3],
      [1, 3],
      [Number.NaN, 3],
      [0.9, 0],
      [0.9, 1.5],
    ] as const)
      expect(() => studentQuantile(probability, degrees)).toThrow(RangeError);
  });
});

describe("comparePerformance()", () => {
  it("raises an alarm in at most 1 % of 10,000 runs of the same code", () => {
    let alarms = 0;
    const runs = times(10_000, 100_000);
    for (let run = 0; run < runs; run++) if (comparePerformance(simulate()).verdict === "worse") alarms++;
    expect(alarms / runs).toBeLessThanOrEqual(0.01);
  });

  it("finds a slowdown of 10 % in at least 95 % of runs with 30 pairs", () => {
    let found = 0;
    const runs = times(4_000, 40_000);
    for (let run = 0; run < runs; run++) if (comparePerformance(simulate({ slowdown: 0.1 })).verdict === "worse") found++;
    expect(found / runs).toBeGreaterThanOrEqual(0.95);
  });

  it("decides nothing where noise within the pair is 30 %, and says how many pairs would", () => {
    for (let run = 0; run < times(2_000, 40_000); run++) {
      const { verdict, pairsNeeded } = comparePerformance(simulate({ noise: 0.3, slowdown: run % 2 === 0 ? 0 : 0.1 }));
      expect(verdict).toBe("inconclusive");
      expect(pairsNeeded).toBeGreaterThan(30);
    }
  });

  it("says better, unchanged and inconclusive where that is what the interval says", () => {
    expect(comparePerformance(simulate({ slowdown: -0.2, noise: 0.01 })).verdict).toBe("better");
    expect(comparePerformance(simulate({ noise: 0.01, count: 200 })).verdict).toBe("unchanged");
    const wide = Array.from({ length: 6 }, (_, index) => ({ baseline: 100, candidate: index % 2 === 0 ? 99 : 116 }));
    expect(comparePerformance(wide)).toMatchObject({ verdict: "inconclusive", pairs: 6 });
    const early = comparePerformance(simulate({ count: 5, noise: 0.001, slowdown: 0.1 }));
    expect(early).toMatchObject({ verdict: "inconclusive", pairsNeeded: 6 });
    expect(comparePerformance([{ baseline: 1, candidate: 2 }])).toEqual({
      verdict: "inconclusive",
      ratio: null,
      interval: null,
      pairs: 1,
      pairsNeeded: null,
    });
  });

  it("asks for more pairs where the interval is narrow enough and still leaves the question open", () => {
    const pairs = Array.from({ length: 12 }, (_, index) => ({ baseline: 100, candidate: index % 2 === 0 ? 97 : 114 }));
    const comparison = comparePerformance(pairs);
    expect(comparison.verdict).toBe("inconclusive");
    expect(comparison.pairsNeeded).toBeGreaterThan(12);
  });

  it("refuses measurements and options that are none", () => {
    for (const candidate of [0, -1, Number.NaN, Infinity])
      expect(() => comparePerformance([{ baseline: 1, candidate }])).toThrow(RangeError);
    for (const options of [{ effectPercent: 0 }, { confidence: 1 }, { confidence: 0.5 }])
      expect(() => comparePerformance([], options)).toThrow(RangeError);
  });
});

describe("performance", () => {
  const run = (pairs: readonly PerformancePair[], control: readonly PerformancePair[], config: Readonly<Record<string, unknown>> = {}) => {
    const gates = { g: { triggers: [], validators: [{ type: "performance", ...config }] } };
    const report = evaluateGates(evidenceOf({ performance: [{ name: "write", pairs, control, path: null }] }), gates);
    return [report.outcome, ...report.findings.map(({ code }) => code.replace("GATES_PERFORMANCE_", ""))];
  };
  const calm = simulate({ noise: 0.01, count: 200 });

  it("fails for what is worse, and passes what is not", () => {
    expect(run(calm, calm)).toEqual(["PASS"]);
    expect(run(simulate({ slowdown: 0.2, noise: 0.01 }), calm)).toEqual(["FAIL", "WORSE"]);
    expect(run(simulate({ slowdown: -0.2, noise: 0.01 }), calm)).toEqual(["PASS"]);
  });

  it("leaves open what noise or a biased control leave open", () => {
    expect(run(simulate({ noise: 0.4 }), calm)).toEqual(["PENDING", "OPEN"]);
    expect(run(calm, simulate({ slowdown: 0.2, noise: 0.01 }))).toEqual(["PENDING", "OPEN"]);
    expect(run(calm, [])).toEqual(["PENDING", "OPEN"]);
  });

  it("errs on options and measurements that are none", () => {
    for (const config of [{ effect_percent: 0 }, { confidence: 0.5 }]) expect(run(calm, calm, config)[0]).toBe("ERROR");
    expect(run([{ baseline: 0, candidate: 1 }], calm)[0]).toBe("ERROR");
    const gates = { g: { triggers: [], validators: [{ type: "performance" }] } };
    expect(evaluateGates(evidenceOf({ performance: [] }), gates).outcome).toBe("FAIL");
  });
});
