import { createMetrics, renderPrometheus, shippedMetrics } from "@gov/telemetry/metrics";
import type { Ask } from "./ask.ts";
import { recordsAt } from "./read-data.ts";

/**
 * Metrics of a governed root, counted anew from what the commands say: gate outcomes of every cycle as they are recorded. A number that nobody has measured is left
 * out, never zero.
 */
export async function collectMetrics(ask: Ask): Promise<string> {
  const metrics = createMetrics();
  metrics.register(...shippedMetrics.pipeline, ...shippedMetrics.governance, ...shippedMetrics.memory);
  for (const cycle of recordsAt(await ask(["cycle"]), "cycles")) {
    const results = cycle["gateResults"];
    if (typeof results !== "object" || results === null) continue;
    for (const [gate, outcome] of Object.entries(results))
      metrics.series("gov_gate_results_total", { gate, outcome: String(outcome) }).add();
  }
  return renderPrometheus(metrics.snapshot().filter(({ samples }) => samples.length > 0));
}
