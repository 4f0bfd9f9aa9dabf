/**
 * The lifecycle of a planning cycle: a table of edges, decisions as log entries, state as a fold over them.
 *
 * @packageDocumentation
 */
export { createPlan, type CreatePlanOptions, type PlanCreation } from "./create-plan.ts";
export { criticalTransitions, type CriticalTransition } from "./critical-transitions.ts";
export { type CycleSnapshot, type LifecycleMachine, restoreCycle, snapshotCycle } from "./cycle-snapshot.ts";
export { type CycleState, foldCycle, initialState } from "./cycle-state.ts";
export { exitCriteria, type ExitCriterion, type ExitInput, type ExitReport } from "./exit-criteria.ts";
export { explainState, stateMeanings } from "./explain-state.ts";
export { gatesBefore, type GatesBefore, isStepTowards } from "./gates-before.ts";
export { lifecycleDiagram } from "./lifecycle-diagram.ts";
export { type EntryMetadata, isLifecycleEntry, type LifecycleEntry, type PlanMetadata } from "./lifecycle-entry.ts";
export { findEdge, type LifecycleEdge, type LifecycleTable } from "./lifecycle-table.ts";
export { transitionGates, type TransitionGates } from "./transition-gates.ts";
export { eventFor, planTransition, type PlanTransitionOptions, type TransitionPlan } from "./plan-transition.ts";
