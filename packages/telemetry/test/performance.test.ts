import { parseJunit } from "@gov/schema/reports";
import { type JsonObject, validateKind } from "@gov/schema";
import {
  type AcceptanceCriteria,
  describeHardware,
  evaluateDurations,
  evaluatePerformance,
  evaluateSlo,
  type HardwareProfile,
  type Incident,
  incidentOutcomes,
  meanHoursToRecovery,
  nodeMachine,
  profileDifferences,
  shippedSlos,
  slowestTests,
  summarizeSamples,
} from "@gov/telemetry/performance";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantileRanks } from "../src/performance/internal/quantile-ranks.ts";

const profile: HardwareProfile = { cpu: "Any CPU", cores: 2, memory_mb: 8000, platform: "linux x64", runtime: "node 24.0.0" };
const criteria: AcceptanceCriteria = {
  env_profile: { name: "ci", cores: 2 },
  latency_ms: { p50: 10, p95: 20, p99: 30 },
  variance_percent: 10,
  policy: { warmup_runs: 2, measured_runs: 400 },
};
const steady = (value: number, count = 402): readonly number[] => Array.from({ length: count }, (_, n) => value + (n % 5) / 100);

/** The n-th of a fixed sequence of numbers from 0 to 1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function chanceOfAtMost(k: number, n: number, q: number): number {
  let sum = 0;
  for (let i = 0; i <= k; i++) {
    let term = q ** i * (1 - q) ** (n - i);
    for (let j = 0; j < i; j++) term *= (n - j) / (j + 1);
    sum += term;
  }
  return sum;
}

describe("summarizeSamples()", () => {
  it("gives quantiles that were measured, and how much runs scatter (MET-04)", () => {
    const summary = summarizeSamples(Array.from({ length: 100 }, (_, n) => 100 - n));
    expect([summary.count, summary.mean, summary.p50.value, summary.p95.value, summary.p99.value]).toEqual([100, 50.5, 50, 95, 99]);
    expect(summarizeSamples([2, 4]).variancePercent).toBeCloseTo((Math.SQRT2 / 3) * 100, 10);
    expect(summarizeSamples([7])).toMatchObject({ variancePercent: 0, p50: { value: 7, low: null, high: null } });
    expect(summarizeSamples([0, 0]).variancePercent).toBe(0);
    for (const bad of [[], [1, Number.NaN], [-1], [Infinity]]) expect(() => summarizeSamples(bad)).toThrow(RangeError);
  });

  it("bounds a quantile by the ranks that the binomial distribution gives, and not with too few samples", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.constantFrom(0.5, 0.95, 0.99), (n, q) => {
        const ranks = Array.from({ length: n }, (_, at) => at + 1);
        const low = ranks.filter((rank) => chanceOfAtMost(rank - 1, n, q) <= 0.025).at(-1) ?? null;
        const high = ranks.find((rank) => chanceOfAtMost(rank - 1, n, q) >= 0.975) ?? null;
        expect(quantileRanks(n, q)).toEqual({ low, high });
      }),
    );
    expect([quantileRanks(71, 0.95).high, quantileRanks(72, 0.95).high]).toEqual([null, 72]);
    expect([quantileRanks(367, 0.99).high, quantileRanks(368, 0.99).high]).toEqual([null, 368]);
    const large = quantileRanks(1_000_000, 0.95);
    expect(Math.abs((large.low ?? 0) - 949_573)).toBeLessThan(3);
    expect(Math.abs((large.high ?? 0) - 950_427)).toBeLessThan(3);
  });

  it("holds the true quantile within its interval at least 95 times in 100", () => {
    const next = sequence(20_240_115);
    let held = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const { low, high } = summarizeSamples(Array.from({ length: 200 }, next)).p95;
      if ((low ?? 0) <= 0.95 && (high ?? 1) >= 0.95) held++;
    }
    expect(held).toBeGreaterThan(945);
  });
});

describe("evaluatePerformance()", () => {
  const judge = (more: {
    runsMs?: readonly number[];
    profile?: HardwareProfile;
    earlierP95?: readonly number[];
    criteria?: Partial<AcceptanceCriteria>;
  }) => {
    const report = evaluatePerformance(
      { ...criteria, ...more.criteria },
      { profile: more.profile ?? profile, runsMs: more.runsMs ?? steady(5) },
      { earlierP95: more.earlierP95 },
    );
    return [report.ok, ...report.findings.map(({ code, severity }) => `${code.replace("TELEMETRY_PERFORMANCE_", "")} ${severity}`)];
  };

  it("passes what keeps every limit on the machine asked for, with enough quiet runs (MET-07)", () => {
    expect(judge({})).toEqual([true]);
    expect(judge({ earlierP95: [5, 5, 5] })).toEqual([true]);
    const document = { version: "1.0.0", dataset: { name: "d" }, ...criteria, policy: { ...criteria.policy, start: "warm" } };
    expect(validateKind("acceptance_criteria", document as unknown as JsonObject)).toEqual([]);
  });

  it("passes no number that nobody may rely on: another machine, too few runs, noise, no runs (MET-04)", () => {
    expect(judge({ profile: { ...profile, cores: 8 } })).toEqual([false, "PROFILE_DIFFERS error"]);
    expect(judge({ runsMs: steady(5, 401) })).toEqual([false, "SAMPLE_SMALL error"]);
    expect(judge({ runsMs: [...steady(5, 390), ...steady(9, 60)] })).toEqual([false, "NOISY error"]);
    expect(judge({ runsMs: [1, 2] })).toEqual([false, "SAMPLE_SMALL error"]);
  });

  it("names each limit that is exceeded, does not count runs for warming up, and warns where too few runs leave it open", () => {
    expect(judge({ runsMs: steady(35) })).toEqual([false, "BEYOND_LIMIT error", "BEYOND_LIMIT error", "BEYOND_LIMIT error"]);
    expect(judge({ runsMs: [500, 500, ...steady(5, 400)] })).toEqual([true]);
    expect(judge({ runsMs: steady(5, 52), criteria: { policy: { warmup_runs: 2, measured_runs: 50 } } })).toEqual([
      true,
      "UNCERTAIN warning",
      "UNCERTAIN warning",
    ]);
    const close = [0, 0, ...steady(19, 385), ...steady(20.1, 15)];
    expect(judge({ runsMs: close, criteria: { latency_ms: { p50: 30, p95: 20, p99: 30 } } })).toEqual([true, "UNCERTAIN warning"]);
  });

  it("sees when it has become slower than the last runs by more than the noise budget, and only then (MET-07)", () => {
    expect(judge({ earlierP95: [4.5, 4.5, 4.5, 4.4, 4.6, 99] })).toEqual([false, "REGRESSED error"]);
    expect(judge({ earlierP95: [4.6] })).toEqual([true]);
    expect(judge({ runsMs: steady(5, 3), earlierP95: [1], criteria: { policy: { warmup_runs: 2, measured_runs: 1 } } })[1]).toBe(
      "UNCERTAIN warning",
    );
  });
});

describe("evaluatePerformance() by criteria that are none", () => {
  it("refuses what no measurement would exceed (MET-04)", () => {
    const measurement = { profile, runsMs: steady(9) };
    for (const bad of [
      { latency_ms: { p50: 10, p95: 20 } },
      { latency_ms: { p50: Number.NaN, p95: 20, p99: 30 } },
      { variance_percent: Number.NaN },
      { policy: { warmup_runs: -2, measured_runs: 2 } },
      { policy: { warmup_runs: 2 } },
    ])
      expect(() => evaluatePerformance({ ...criteria, ...bad } as AcceptanceCriteria, measurement)).toThrow(
        /^Cannot judge by the criterion/,
      );
  });
});

describe("describeHardware()", () => {
  it("tells the machine it runs on, and in what another differs (MET-04)", () => {
    const found = describeHardware();
    expect(found.cores).toBeGreaterThan(0);
    expect(found.memory_mb).toBeGreaterThan(100);
    expect(found.runtime).toMatch(/^node \d+\./);
    expect(describeHardware({ describe: () => ({ ...nodeMachine.describe(), cpu: "  A \t B " }) }).cpu).toBe("A B");
    expect(profileDifferences(profile, { name: "any" })).toEqual([]);
    expect(profileDifferences(profile, { name: "same", cpu: "Any CPU", cores: 2, memory_mb: 8192 })).toEqual([]);
    expect(profileDifferences(profile, { name: "other", cpu: "Other", cores: 4, memory_mb: 16_384 })).toEqual([
      "cores is 2, not 4",
      "cpu is Any CPU, not Other",
      "memory_mb is 8000, not 16384",
    ]);
  });
});

describe("slowestTests()", () => {
  const junit = (path: string, cases: string) => {
    const report = parseJunit({ path, bytes: Buffer.from(`<testsuite name="${path}">${cases}</testsuite>`) });
    if (!report.ok) throw new Error("no report");
    return report.value;
  };

  it("lists the ten slowest with where they stand, and counts what nobody timed (MET-02, MET-05)", () => {
    const many = Array.from({ length: 12 }, (_, n) => `<testcase name="t${String(n)}" time="${String(n)}"/>`).join("");
    const { slowest, count, unknown, totalMs, percentiles } = slowestTests([
      junit("a.xml", many),
      junit("b.xml", '<testcase name="t" time="11"/><testcase name="u"/><testcase name="s" time="99"><skipped/></testcase>'),
    ]);
    expect(slowest.map(({ name, durationMs, report }) => [name, durationMs, report]).slice(0, 3)).toEqual([
      ["a.xml > t11", 11_000, "a.xml"],
      ["b.xml > t", 11_000, "b.xml"],
      ["a.xml > t10", 10_000, "a.xml"],
    ]);
    expect([slowest.length, count, unknown, totalMs, percentiles?.p50]).toEqual([10, 13, 1, 77_000, 6000]);
    expect(slowestTests([])).toEqual({ count: 0, unknown: 0, totalMs: 0, percentiles: null, slowest: [] });
  });
});

describe("evaluateDurations()", () => {
  const sla = {
    thresholds: { schema_lint: "1s", hydrate: "2 seconds", "gates.parity": "90m" },
    top: [
      { name: "seal", max: "5s", owner: "ann" },
      { name: "hydrate", max: "1 day" },
    ],
  };

  it("judges the top list and every other threshold, the shorter where both name a step (MET-05)", () => {
    expect(validateKind("durations_sla", { version: "1.0.0", ...sla })).toEqual([]);
    const { ok, durations, findings } = evaluateDurations(sla, { seal: 5000, hydrate: 2001, schema_lint: 0, "gates.parity": 5_400_000 });
    expect(durations.map(({ name, isMet, limitMs, isTop }) => [name, isMet, limitMs, isTop])).toEqual([
      ["seal", true, 5000, true],
      ["hydrate", false, 2000, true],
      ["gates.parity", true, 5_400_000, false],
      ["schema_lint", true, 1000, false],
    ]);
    expect([ok, findings.map(({ message }) => message)]).toEqual([false, ['"hydrate" took 2001 ms, and may take 2000 ms']]);
  });

  it("takes no step for met that nobody measured, and no limit that is none", () => {
    const measured = JSON.parse('{"schema_lint":null,"hydrate":-1,"gates.parity":1,"__proto__":{"seal":1}}') as Record<string, number>;
    const { ok, findings } = evaluateDurations(sla, measured);
    expect([ok, findings.map(({ message }) => message)]).toEqual([
      false,
      ['"seal" was not measured (owner: ann)', '"hydrate" was not measured', '"schema_lint" was not measured'],
    ]);
    for (const text of ["soon", "1 month"]) expect(() => evaluateDurations({ thresholds: { a: text }, top: [] }, {})).toThrow(RangeError);
  });

  it("takes no recovery before the incident into a mean, whatever the others say (MET-01)", () => {
    const incident = (began: string, recovered: string | null): Incident => ({ began, detected: null, recovered });
    const sound = incident("2024-01-01T00:00:00Z", "2024-01-03T00:00:00Z");
    expect(() => meanHoursToRecovery([sound, incident("2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z")])).toThrow(
      'Cannot count an incident that was recovered at "2024-01-01T00:00:00Z", before it began',
    );
    expect(meanHoursToRecovery([sound, incident("2024-01-02T00:00:00Z", "2024-01-02T01:00:00+01:00")])).toBe(24);
  });
});

describe("evaluateSlo()", () => {
  const hour = 3_600_000;
  const now = 1000 * hour;
  const outcomes = (good: number, bad: number, at = now) =>
    [...Array.from({ length: good }, () => true), ...Array.from({ length: bad }, () => false)].map((isGood) => ({ at, isGood }));

  it("gives what is promised, what is kept, and what is left of the error budget (MET-08)", () => {
    const slo = { name: "drift", objective: 99, window: "28 days" };
    const brief = (given: ReturnType<typeof outcomes>): unknown => {
      const { isMet, budgetLeft, goodPercent, findings } = evaluateSlo(slo, { outcomes: given, now });
      return [isMet, budgetLeft, goodPercent, findings.map(({ code }) => code)];
    };
    expect(brief(outcomes(100, 0))).toEqual([true, 1, 100, []]);
    expect(brief(outcomes(99, 1, now - 100 * hour))).toEqual([true, 0, 99, []]);
    expect(brief(outcomes(98, 2, now - 100 * hour))).toEqual([false, -1, 98, ["TELEMETRY_SLO_MISSED"]]);
    expect(brief([])).toEqual([null, null, null, ["TELEMETRY_SLO_UNKNOWN"]]);
    expect(brief(outcomes(5, 5, now + 1))).toEqual([null, null, null, ["TELEMETRY_SLO_UNKNOWN"]]);
    expect(brief(outcomes(5, 5, now - 28 * 24 * hour))).toEqual([null, null, null, ["TELEMETRY_SLO_UNKNOWN"]]);
    for (const objective of [0, 100, Number.NaN])
      expect(() => evaluateSlo({ ...slo, objective }, { outcomes: [], now })).toThrow(RangeError);
    for (const at of [Number.NaN, Infinity]) {
      expect(() => evaluateSlo(slo, { outcomes: [{ at, isGood: false }], now })).toThrow("it must be a time in milliseconds");
      expect(() => evaluateSlo(slo, { outcomes: [], now: at })).toThrow(RangeError);
    }
  });

  it("says when the budget goes so fast that somebody must act, by look back (MET-08)", () => {
    const slo = { name: "mttr", objective: 90, window: "28 days" };
    const { burnRates, findings } = evaluateSlo(slo, { outcomes: [...outcomes(4, 6), ...outcomes(90, 0, now - 20 * hour)], now });
    expect(burnRates.map(({ lookBack, rate }) => [lookBack, rate])).toEqual([
      ["1h", 6],
      ["6h", 6],
      ["3 days", 0.6],
    ]);
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'TELEMETRY_SLO_BURNING The error budget of "mttr" goes 6 times as fast as it may over 6h',
    ]);
  });

  it("never has more left than all, and agrees with counting, for any outcomes", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.constantFrom(50, 90, 99, 99.9), (good, bad, objective) => {
        const { isMet, budgetLeft, goodPercent } = evaluateSlo(
          { name: "x", objective, window: "1 day" },
          { outcomes: outcomes(good, bad), now },
        );
        if (good + bad === 0) expect([isMet, budgetLeft, goodPercent]).toEqual([null, null, null]);
        else {
          expect(isMet).toBe(BigInt(bad) * 1000n <= BigInt(good + bad) * BigInt(Math.round((100 - objective) * 10)));
          expect(isMet).toBe((budgetLeft ?? -1) >= 0);
          expect(budgetLeft).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("keeps the promises of drift detection and recovery over incidents, and counts none before its time is up (MET-08)", () => {
    const incident = (began: string, detected: string | null, recovered: string | null): Incident => ({ began, detected, recovered });
    const incidents = [
      incident("2024-01-01T00:00:00Z", "2024-01-01T10:00:00Z", "2024-01-01T12:00:00Z"),
      incident("2024-01-02T00:00:00Z", "2024-01-03T00:00:01Z", "2024-01-04T00:00:00Z"),
      incident("2024-01-10T00:00:00Z", null, null),
      incident("2024-01-14T12:00:00Z", null, null),
    ];
    const at = Date.parse("2024-01-15T00:00:00Z");
    const { within } = shippedSlos.drift_detection;
    expect(incidentOutcomes(incidents, { until: "detected", within, now: at })).toEqual([
      { at: Date.parse("2024-01-01T10:00:00Z"), isGood: true },
      { at: Date.parse("2024-01-03T00:00:00Z"), isGood: false },
      { at: Date.parse("2024-01-11T00:00:00Z"), isGood: false },
    ]);
    const counted = incidentOutcomes(incidents, { until: "recovered", within: shippedSlos.mttr.within, now: at });
    expect(evaluateSlo(shippedSlos.mttr, { outcomes: counted, now: at })).toMatchObject({ total: 3, bad: 2, isMet: false });
    expect(meanHoursToRecovery(incidents)).toBe(30);
    expect(meanHoursToRecovery(incidents.slice(2))).toBeNull();
    expect(
      incidentOutcomes([incident("2024-02-01T00:00:00Z", "2024-02-01T01:00:00Z", null)], { until: "detected", within, now: at }),
    ).toEqual([]);
    for (const bad of [incident("2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z", null), incident("today", null, null)])
      expect(() => incidentOutcomes([bad], { until: "detected", within, now: at })).toThrow(RangeError);
  });
});
