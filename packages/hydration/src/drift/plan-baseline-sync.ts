import { type EffectiveRouting } from "./effective-routing.ts";
import type { DriftReport } from "./evaluate-drift.ts";
import { renderRoutingBaseline } from "./routing-baseline.ts";

/** What to do with the baseline file; the caller writes it. */
export type BaselineSync =
  | { readonly action: "write"; readonly text: string; readonly reason: string }
  | { readonly action: "keep"; readonly text: null; readonly reason: string };

/**
 * Decides whether the baseline takes over the routing of today (RTE-04). A command always may; the periodic run only within the
 * threshold, and never where a baseline is missing: otherwise removing the file would hide any drift.
 */
export function planBaselineSync(
  report: DriftReport,
  options: { readonly trigger: "command" | "periodic"; readonly baseline: EffectiveRouting | null },
): BaselineSync {
  const { trigger, baseline } = options;
  const write = (reason: string): BaselineSync => ({ action: "write", text: report.text, reason });
  const keep = (reason: string): BaselineSync => ({ action: "keep", text: null, reason });
  if (baseline !== null && renderRoutingBaseline(baseline) === report.text) return keep("the baseline is up to date");
  if (trigger === "command") return write("synced by command");
  if (report.outcome === "unknown") return keep("there is no baseline: sync it by command once");
  return report.outcome === "beyond"
    ? keep("the drift is beyond the threshold: sync by command")
    : write("the drift is within the threshold");
}
