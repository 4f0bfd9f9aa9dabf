/**
 * The lifecycle of a planning cycle: a table of edges, decisions as log entries, state as a fold over them.
 *
 * @packageDocumentation
 */
export { type CycleState, foldCycle, initialState } from "./cycle-state.ts";
export { explainState, stateMeanings } from "./explain-state.ts";
export { gatesBefore, type GatesBefore } from "./gates-before.ts";
export { lifecycleDiagram } from "./lifecycle-diagram.ts";
export { type EntryMetadata, isLifecycleEntry, type LifecycleEntry } from "./lifecycle-entry.ts";
export { findEdge, type LifecycleEdge, type LifecycleTable } from "./lifecycle-table.ts";
export { eventFor, planTransition, type PlanTransitionOptions, type TransitionPlan } from "./plan-transition.ts";
