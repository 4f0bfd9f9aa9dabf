import type { TestReport } from "@gov/schema/reports";
import { summarizeSamples } from "./summarize-samples.ts";

/** How long one test took. */
export interface TestDuration {
  /** Suites and test, joined by ` > `. */
  readonly name: string;
  readonly durationMs: number;
  /** Report it was read from. */
  readonly report: string;
}

/** How long the tests of some reports took (MET-02). */
export interface TestDurations {
  /** Tests with a known duration. */
  readonly count: number;
  /** Tests whose report does not say how long they took; skipped ones are not counted. */
  readonly unknown: number;
  readonly totalMs: number;
  /** Null when no duration is known. */
  readonly percentiles: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  /** Slowest first, then by name. */
  readonly slowest: readonly TestDuration[];
}

/** Reads the percentiles and the slowest tests from JUnit reports (MET-02, MET-05). @param count - How many. @default 10 */
export function slowestTests(reports: readonly TestReport[], count = 10): TestDurations {
  const ran = reports.flatMap(({ path, cases }) => cases.filter(({ outcome }) => outcome !== "skipped").map((test) => ({ ...test, path })));
  const timed = ran.flatMap(({ suites, name, durationMs, path }) =>
    durationMs === null ? [] : [{ name: [...suites, name].join(" > "), durationMs, report: path }],
  );
  const sorted = timed.sort((a, b) => b.durationMs - a.durationMs || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const summary = sorted.length === 0 ? null : summarizeSamples(sorted.map(({ durationMs }) => durationMs));
  return {
    count: sorted.length,
    unknown: ran.length - sorted.length,
    totalMs: sorted.reduce((sum, { durationMs }) => sum + durationMs, 0),
    percentiles: summary === null ? null : { p50: summary.p50.value, p95: summary.p95.value, p99: summary.p99.value },
    slowest: sorted.slice(0, count),
  };
}
