import { lifecycleStates } from "./lifecycle-states.ts";
import type { LifecycleState } from "@gov/schema";
import type { Evidence } from "../evidence.ts";
import { canonicalGateName } from "../gate-name.ts";
import { isPassing } from "../gate-outcome.ts";
import type { GateReport } from "../gate-report.ts";
import { type GateConfigs, requiredGates } from "../select-gates.ts";
import { stateGuards } from "./state-guards.ts";

/** One thing that has to be so before a state is entered, and why it is not; `problem` is null when it is. */
export interface ExitCriterion {
  /** `gate:schema_lint`, or the name of a guard such as `manifest_published`. */
  readonly name: string;
  /** Whether a cycle stays where it is without it; what is not required is shown and left to the gates of the preset. */
  readonly isRequired: boolean;
  readonly problem: string | null;
}

/** What the entry of a state asks for, item by item. */
export interface ExitReport {
  readonly state: LifecycleState;
  /** True when no required criterion has a problem. */
  readonly isMet: boolean;
  readonly criteria: readonly ExitCriterion[];
}

/** What criteria are judged on; what is not known counts as not so. */
export interface ExitInput {
  readonly gates: GateConfigs;
  readonly report: GateReport | null;
  readonly evidence: Evidence | null;
}

/**
 * Lists what has to be so before a state is entered by its step forward (LIF-16): the gates that guard the step, then the guards of the
 * state, which no configuration of gates takes away. The first state asks for nothing.
 *
 * @throws RangeError when there is no such state.
 * @example Ask why a cycle may not be executed
 * ```ts
 * import assert from "node:assert/strict";
 * import { exitCriteria } from "@gov/gates/lifecycle";
 *
 * const { isMet, criteria } = exitCriteria("EXECUTED", { gates: {}, report: null, evidence: null });
 * assert.equal(isMet, false);
 * assert.deepEqual(criteria.map(({ name, problem }) => [name, problem]), [
 *   ["manifest_published", "no manifest was collected"],
 *   ["change_log_enabled", "no execution change log was collected"],
 *   ["deviations_tracked", "no execution change log was collected"],
 * ]);
 * ```
 */
export function exitCriteria(state: LifecycleState, input: ExitInput): ExitReport {
  const { gates, report } = input;
  const from = lifecycleStates[lifecycleStates.indexOf(state) - 1];
  const outcomes = new Map((report?.gates ?? []).map(({ name, outcome }) => [canonicalGateName(name), outcome]));
  const gated = (from === undefined ? [] : requiredGates(gates, { from, to: state })).map((name): ExitCriterion => {
    const outcome = outcomes.get(name);
    const problem = isPassing(outcome) ? null : outcome === undefined ? "it was not run" : `it is ${outcome}`;
    return { name: `gate:${name}`, isRequired: true, problem };
  });
  const guarded = stateGuards(state).map(({ name, isRequired, judge }): ExitCriterion => {
    const problem = judge(input);
    return { name, isRequired: isRequired(input), problem };
  });
  const criteria = [...gated, ...guarded];
  return { state, isMet: criteria.every(({ isRequired, problem }) => !isRequired || problem === null), criteria };
}

/** True when an edge leads on in the order of the states; guards stand on these, never on the ways back. */
export function isForward(edge: { readonly from: LifecycleState | null; readonly to: LifecycleState | null }): boolean {
  if (edge.from === null || edge.to === null) return false;
  return lifecycleStates.indexOf(edge.to) > lifecycleStates.indexOf(edge.from);
}
