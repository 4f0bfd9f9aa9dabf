import { createMetrics, type Metrics, renderOpenMetrics, renderPrometheus, shippedMetrics } from "@gov/telemetry/metrics";
import type { Ask } from "./ask.ts";
import type { MetricsFormat } from "./negotiate-metrics.ts";
import { type Fields, isFields, recordsAt, textOf } from "./read-data.ts";

/**
 * Metrics of a governed root, counted anew from the chained log: every gate result that was ever recorded. The log only grows, and so do the counters. A number that
 * nobody has measured is left out, never zero.
 */
export async function collectMetrics(ask: Ask): Promise<Metrics> {
  const metrics = createMetrics();
  metrics.register(...shippedMetrics.pipeline, ...shippedMetrics.governance, ...shippedMetrics.memory);
  for (const entry of recordsAt(await ask(["audit", "query"]), "entries"))
    for (const [gate, outcome] of gateResultsOf(entry)) metrics.series("gov_gate_results_total", { gate, outcome }).add();
  return metrics;
}

/** The same as a page for a scraper. */
export async function metricsPage(ask: Ask, format: MetricsFormat): Promise<string> {
  const measured = (await collectMetrics(ask)).snapshot().filter(({ samples }) => samples.length > 0);
  return format === "openmetrics" ? renderOpenMetrics(measured) : renderPrometheus(measured);
}

/** What an entry records of gates: all that a transition passed, or the one that stopped it. */
function gateResultsOf(entry: Fields): readonly (readonly [gate: string, outcome: string])[] {
  const payload = at(at(at(entry, "payload"), "event"), "payload");
  if (textOf(entry, "kind") === "GATE_RESULT") return [[textOf(payload, "gate"), textOf(payload, "outcome")]];
  return Object.entries(at(at(payload, "metadata"), "gate_results")).map(([gate, outcome]) => [gate, String(outcome)]);
}

function at(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isFields(value) ? value : {};
}
