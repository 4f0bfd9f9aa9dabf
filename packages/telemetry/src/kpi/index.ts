/**
 * The KPIs of every source, computed from inputs that can be looked up again; what is missing stays missing.
 *
 * @packageDocumentation
 */
export { type Deployment, doraInputs, type DoraPeriod } from "./dora-inputs.ts";
export {
  type EarlierCycles,
  evaluateKpis,
  type KpiInput,
  type KpiInputs,
  type KpiResult,
  type Trend,
  trendCycles,
  trendOf,
} from "./evaluate-kpis.ts";
export { findKpi, inputAliases, type KpiDefinition, type KpiSet, kpiSets, shippedKpis } from "./kpi-definitions.ts";
export { holdsKpiRecord, renderKpiRecord } from "./kpi-record.ts";
