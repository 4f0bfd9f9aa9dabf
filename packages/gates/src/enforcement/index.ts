/**
 * How strictly rules are enforced: one step up at a time, and never weaker than the log says.
 *
 * @packageDocumentation
 */
export { findPlainWrites, type SourceFile, sourceGlobs } from "./find-plain-writes.ts";
export {
  effectiveMode,
  type EffectiveMode,
  type ModeDenied,
  modesInForce,
  type ModesInForce,
  parseEnforcementMode,
} from "./effective-mode.ts";
export { type EnforcedGate, type EnforcedReport, enforceReport, type ShadowVerdict } from "./enforce-report.ts";
export { type EnforcementMode, enforcementModes } from "./enforcement-mode.ts";
export {
  type CiRun,
  consecutiveGreens,
  type EnforcementModes,
  foldModes,
  isModeChanged,
  type ModeChanged,
  modeOf,
  type ModePlan,
  type ModeRequest,
  parseCiRuns,
  planModeChange,
} from "./mode-log.ts";
export { type PlannerCall, type PlannerDecision, planPlannerBypass } from "./planner-bypass.ts";
