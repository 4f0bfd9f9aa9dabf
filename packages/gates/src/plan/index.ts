/**
 * Plans that hold together: linted task tables and checklists, phases with entrance and exit.
 *
 * @packageDocumentation
 */
export { type CriterionResult, evaluatePhases, type PhaseFacts, type PhaseReport } from "./evaluate-phase.ts";
export { expandIds } from "./expand-ids.ts";
export { type Checklist, type ChecklistItem, lintChecklist, type LintChecklistOptions } from "./lint-checklist.ts";
export { lintPlan, type LintPlanOptions, type PlanField, planFields } from "./lint-plan.ts";
export { type KnownFacts, phaseFactsOf } from "./phase-facts.ts";
export { governancePhases, type Phase, type PhaseCriterion, pipelinePhases } from "./phase.ts";
export type { Plan, PlanItem, PlanPhase, PlanTask, PlanTrace } from "./plan.ts";
export { lintSpecPlan, type PlanSpec, type PlanStage, type SpecPlan } from "./lint-spec-plan.ts";
export { lintPlanText, type LintedPlan, unansweredItems } from "./lint-plan-text.ts";
export { checklistOf, planOf, type PlanOfOptions } from "./read-plan.ts";
