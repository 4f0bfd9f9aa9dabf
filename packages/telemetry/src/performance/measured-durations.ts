import type { TestReport } from "@gov/schema/reports";

/**
 * Reads from JUnit reports how long each step took, in milliseconds, by the names that a `durations_sla.yaml` may use: a test by its own name and by its suites
 * and name joined by ` > `, a suite by all that ran in it. Where a name stands more than once, the longest counts; what was skipped, or has no duration, has none (MET-05).
 *
 * @example Measure steps
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseJunit } from "@gov/schema/reports";
 * import { measuredDurations } from "@gov/telemetry/performance";
 *
 * const xml = '<testsuite name="unit"><testcase name="lint" time="0.5"/><testcase name="hydrate" time="2"/></testsuite>';
 * const report = parseJunit({ path: "junit.xml", bytes: new TextEncoder().encode(xml) });
 * assert.ok(report.ok);
 * assert.deepEqual(measuredDurations([report.value]), { hydrate: 2000, lint: 500, unit: 2500, "unit > hydrate": 2000, "unit > lint": 500 });
 * ```
 */
export function measuredDurations(reports: readonly TestReport[]): Readonly<Record<string, number>> {
  const longest = new Map<string, number>();
  const note = (name: string, ms: number) => void longest.set(name, Math.max(ms, longest.get(name) ?? 0));
  for (const { cases } of reports) {
    const suiteTotals = new Map<string, number>();
    for (const { suites, name, durationMs, outcome } of cases) {
      if (durationMs === null || outcome === "skipped") continue;
      note(name, durationMs);
      note([...suites, name].join(" > "), durationMs);
      for (let depth = 1; depth <= suites.length; depth++) {
        const suite = suites.slice(0, depth).join(" > ");
        suiteTotals.set(suite, (suiteTotals.get(suite) ?? 0) + durationMs);
      }
    }
    for (const [suite, ms] of suiteTotals) note(suite, ms);
  }
  return Object.fromEntries([...longest].sort(([a], [b]) => (a < b ? -1 : 1)));
}
