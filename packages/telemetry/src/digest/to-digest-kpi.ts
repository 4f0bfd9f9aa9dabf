import type { KpiResult } from "../kpi/evaluate-kpis.ts";
import type { DigestKpi } from "./plan-digest.ts";

/** Turns a computed KPI into what a digest shows; percentages get their sign, underscores become spaces. */
export function toDigestKpi({ id, unit, direction, target, actual, delta }: KpiResult): DigestKpi {
  const shown = unit === "percentage" ? "%" : unit === "count" || unit === "ratio" ? "" : unit.replaceAll("_", " ");
  return { name: id.replaceAll("_", " "), unit: shown, direction, target, actual, delta };
}
