import type { KpiResult } from "../kpi/evaluate-kpis.ts";
import type { DigestKpi } from "./plan-digest.ts";

/**
 * Turns a computed KPI into what a digest shows, with its formula and inputs; percentages get their sign, underscores become spaces.
 *
 * @param earlier - Its values in the cycles before, newest first, for what is unusual. @default none
 */
export function toDigestKpi(result: KpiResult, earlier: readonly (number | null)[] = []): DigestKpi {
  const { id, unit, direction, target, actual, delta, trend, formula, inputs } = result;
  const shown = unit === "percentage" ? "%" : unit === "count" || unit === "ratio" ? "" : unit.replaceAll("_", " ");
  const values = Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value]));
  return { name: id.replaceAll("_", " "), unit: shown, direction, target, actual, delta, trend, formula, inputs: values, earlier };
}
