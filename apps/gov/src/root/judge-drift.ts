import { type DriftReport, evaluateDrift, resolveEffectiveRouting } from "@gov/hydration/drift";
import type { Finding } from "@gov/schema";
import { type Call, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import type { Governed } from "./load-governed.ts";
import { requireRoutes, routeSubjects } from "./route-subjects.ts";
import { readBaseline, type StoredBaseline } from "./routing-baseline.ts";

/** How far routing has drifted from the stored baseline. */
export interface JudgedDrift extends Pick<StoredBaseline, "baseline"> {
  readonly report: DriftReport;
  readonly findings: readonly Finding[];
}

/** Compares where the rules in force send the selected documents with the baseline; the preset says how much is tolerated. */
export async function judgeDrift(context: Context, governed: Governed, call: Call): Promise<JudgedDrift> {
  const routes = requireRoutes(governed);
  const { baseline, findings } = await readBaseline(context, governed.root);
  const current = resolveEffectiveRouting(routes, await routeSubjects(context, governed, routes));
  const percent = percentOf(stringFlag(call, "threshold")) ?? governed.rules.thresholds.routingDriftPercent;
  const report = evaluateDrift({ baseline, current, threshold: percent / 100 });
  // A baseline that cannot be read is not missing.
  return { baseline, report, findings: baseline === null && findings.length > 0 ? findings : [...findings, ...report.findings] };
}

function percentOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const percent = Number(text);
  if (text.trim() === "" || !(percent >= 0 && percent <= 100))
    throw new UsageError(`--threshold must be a percentage from 0 to 100: current value is "${text}"`);
  return percent;
}
