import type { Finding } from "@gov/schema";
import { type HardwareProfile, profileDifferences, type RequiredProfile } from "./hardware-profile.ts";
import { note } from "./internal/note.ts";
import { type QuantileEstimate, type SampleSummary, summarizeSamples } from "./summarize-samples.ts";

/** What performance must reach, and how it is measured: the content of `acceptance_criteria.json` as far as it is judged here. */
export interface AcceptanceCriteria {
  readonly env_profile: RequiredProfile;
  readonly latency_ms: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** The noise budget: most that runs may scatter, as standard deviation in percent of the mean. */
  readonly variance_percent: number;
  readonly policy: { readonly warmup_runs: number; readonly measured_runs: number };
}

/** A measurement as it was made. */
export interface Measurement {
  /** On what it was made. */
  readonly profile: HardwareProfile;
  /** Every run in milliseconds, those for warming up first. */
  readonly runsMs: readonly number[];
}

/** Whether performance is as asked. */
export interface PerformanceReport {
  readonly ok: boolean;
  /** Null when nothing is left after warming up. */
  readonly summary: SampleSummary | null;
  /** Middle of the earlier 95th percentiles looked at; null without any. */
  readonly baselineP95: number | null;
  readonly findings: readonly Finding[];
}

/** Earlier runs that a regression is looked for against: the trend window. */
export const baselineWindow = 5;

/**
 * Judges a measurement by the acceptance criteria (MET-04, MET-07). A number of another machine, too few runs, and runs that scatter more than the noise budget are
 * errors: a number nobody may rely on passes nothing. A limit is exceeded when the estimate is above it; where the estimate is below and its interval is not, that is a
 * warning. It has become slower when the whole interval of the 95th percentile lies above the middle of the last earlier ones by more than the noise budget.
 *
 * @throws RangeError for a criterion that is no number of at least 0, which nothing would exceed, and for a run that is none.
 * @param options.earlierP95 - 95th percentiles of earlier measurements on the same kind of machine, newest first. @default none
 * @example Judge twenty runs
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluatePerformance } from "@gov/telemetry/performance";
 *
 * const profile = { cpu: "any", cores: 2, memory_mb: 8192, platform: "linux x64", runtime: "node 24.0.0" };
 * const criteria = {
 *   env_profile: { name: "ci", cores: 2 },
 *   latency_ms: { p50: 10, p95: 20, p99: 30 },
 *   variance_percent: 10,
 *   policy: { warmup_runs: 1, measured_runs: 19 },
 * };
 * const runsMs = [50, ...Array.from({ length: 19 }, () => 25)];
 * const { ok, findings } = evaluatePerformance(criteria, { profile, runsMs });
 * assert.equal(ok, false);
 * assert.match(findings[0].message, /p50 is 25 ms, and may be 10 ms/);
 * ```
 */
export function evaluatePerformance(
  criteria: AcceptanceCriteria,
  measurement: Measurement,
  options: { readonly earlierP95?: readonly number[] | undefined } = {},
): PerformanceReport {
  const { env_profile: required, latency_ms: limits, variance_percent: noise, policy } = criteria;
  requireNumbers({ ...limits, variance_percent: noise, ...policy });
  const findings: Finding[] = profileDifferences(measurement.profile, required).map((difference) =>
    note("TELEMETRY_PERFORMANCE_PROFILE_DIFFERS", `Cannot compare with the profile "${required.name}": ${difference}`, {
      hint: "Measure on the machine that the criteria name",
    }),
  );
  const runs = measurement.runsMs.slice(policy.warmup_runs);
  if (runs.length < policy.measured_runs)
    findings.push(
      note(
        "TELEMETRY_PERFORMANCE_SAMPLE_SMALL",
        `${String(runs.length)} runs were measured, and ${String(policy.measured_runs)} are asked for`,
      ),
    );
  const earlier = (options.earlierP95 ?? []).slice(0, baselineWindow);
  const baselineP95 = earlier.length === 0 ? null : summarizeSamples(earlier).p50.value;
  if (runs.length === 0) return { ok: false, summary: null, baselineP95, findings };
  const summary = summarizeSamples(runs);
  if (summary.variancePercent > noise)
    findings.push(
      note(
        "TELEMETRY_PERFORMANCE_NOISY",
        `Runs scatter by ${shown(summary.variancePercent)} %, and the noise budget is ${shown(noise)} %`,
        {
          hint: "Measure on a quieter machine; a noisy number proves nothing",
        },
      ),
    );
  for (const name of ["p50", "p95", "p99"] as const) findings.push(...judge(name, summary[name], limits[name]));
  findings.push(...regression(summary.p95, { baselineP95, noise }));
  return { ok: findings.every(({ severity }) => severity !== "error"), summary, baselineP95, findings };
}

function requireNumbers(criteria: Readonly<Record<string, number>>): void {
  for (const name of ["p50", "p95", "p99", "variance_percent", "warmup_runs", "measured_runs"]) {
    const value = criteria[name];
    if (!(Number.isFinite(value) && Number(value) >= 0))
      throw new RangeError(`Cannot judge by the criterion "${name}" of ${String(value)}: it must be a number of at least 0`);
  }
}

function judge(name: string, { value, high }: QuantileEstimate, limit: number): readonly Finding[] {
  if (value > limit)
    return [note("TELEMETRY_PERFORMANCE_BEYOND_LIMIT", `The ${name} is ${shown(value)} ms, and may be ${shown(limit)} ms`)];
  if (high !== null && high <= limit) return [];
  const reach = high === null ? "too few runs bound it above" : `with 95 % confidence it is at most ${shown(high)} ms`;
  const message = `The ${name} is ${shown(value)} ms of ${shown(limit)} ms, but ${reach}`;
  return [note("TELEMETRY_PERFORMANCE_UNCERTAIN", message, { severity: "warning", hint: "Measure more runs" })];
}

function regression(
  { low }: QuantileEstimate,
  { baselineP95, noise }: { readonly baselineP95: number | null; readonly noise: number },
): readonly Finding[] {
  if (baselineP95 === null || low === null) return [];
  const limit = baselineP95 * (1 + noise / 100);
  if (low <= limit) return [];
  const message = `The p95 has become slower: with 95 % confidence it is at least ${shown(low)} ms, and was ${shown(baselineP95)} ms`;
  return [note("TELEMETRY_PERFORMANCE_REGRESSED", message)];
}

function shown(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
