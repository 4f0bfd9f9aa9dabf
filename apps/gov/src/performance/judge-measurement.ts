import { type AcceptanceCriteria, evaluatePerformance, type QuantileEstimate } from "@gov/telemetry/performance";
import type { Outcome } from "../command.ts";
import type { Context } from "../context.ts";
import { readOfKind } from "../root/read-of-kind.ts";
import { readMeasurement } from "./read-measurement.ts";

/** The files of the question. */
interface Files {
  /** An `acceptance_criteria.json`. */
  readonly criteria: string;
  readonly measurement: string;
}

/** Whether a measurement is as the acceptance criteria ask (MET-04, MET-07). */
export async function judgeMeasurement(context: Context, files: Files): Promise<Outcome> {
  // The schema of the kind has judged it.
  const criteria = (await readOfKind(context, files.criteria, {
    kind: "acceptance_criteria",
    use: "acceptance criteria",
  })) as unknown as AcceptanceCriteria;
  const { earlierP95, ...measurement } = await readMeasurement(context, files.measurement);
  const { ok, summary, baselineP95, findings } = evaluatePerformance(criteria, measurement, { earlierP95 });
  const { cpu, cores, memory_mb: memory, platform, runtime } = measurement.profile;
  const { latency_ms: limits, variance_percent: noise, env_profile: wanted } = criteria;
  const quantiles = (["p50", "p95", "p99"] as const).map((name) => [name, summary?.[name], limits[name]] as const);
  const scatter = summary === null ? "n/a" : `${rounded(summary.variancePercent)} %`;
  return {
    data: { performance: { isMet: ok, profile: measurement.profile, summary, baselineP95 } },
    findings,
    view: [
      {
        type: "table",
        head: ["", "measured", "limit", "with 95 % confidence"],
        rows: quantiles.map(([name, estimate, limit]) => [name, shown(estimate?.value), shown(limit), interval(estimate)]),
      },
      {
        type: "values",
        rows: [
          ["machine", `${cpu}, ${cores} cores, ${memory} MB, ${platform}, ${runtime}; asked for: ${wanted.name}`],
          ["runs", `${summary?.count ?? 0} of ${criteria.policy.measured_runs}; they scatter by ${scatter} of ${noise} %`],
          ["earlier p95", shown(baselineP95)],
        ],
      },
      {
        type: "line",
        mark: ok ? "pass" : "fail",
        text: `${files.measurement} ${ok ? "meets" : "does not meet"} ${files.criteria}`,
      },
    ],
  };
}

function interval(estimate: QuantileEstimate | undefined): string {
  return estimate === undefined ? "n/a" : `${shown(estimate.low)} to ${shown(estimate.high)}`;
}

function shown(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? "n/a" : `${rounded(ms)} ms`;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
