/**
 * Effective routing now against its baseline: what moved, whether that is too much, and what the baseline should be.
 *
 * @packageDocumentation
 */
export { diffRouting, type RoutingChange, type RoutingDiff } from "./diff-routing.ts";
export { type EffectiveRoute, type EffectiveRouting, resolveEffectiveRouting } from "./effective-routing.ts";
export { type DriftReport, evaluateDrift, type EvaluateDriftOptions } from "./evaluate-drift.ts";
export { type BaselineSync, planBaselineSync } from "./plan-baseline-sync.ts";
export { parseRoutingBaseline, renderRoutingBaseline, routingBaselineFile } from "./routing-baseline.ts";
