import { type GateOutcome, isPassing } from "../gate-outcome.ts";
import type { Phase, PhaseCriterion } from "./phase.ts";

/** What is known about the work when a phase is judged; what is not listed counts as not so. */
export interface PhaseFacts {
  /** Milestones each task has reached, by task id. */
  readonly milestones: ReadonlyMap<string, readonly string[]>;
  /** Outcome of each gate, by name. */
  readonly gates: ReadonlyMap<string, GateOutcome>;
  /** Outcome of each other check, such as the last CI run, by name. */
  readonly checks: ReadonlyMap<string, GateOutcome>;
  /** What was approved, by an approval that was counted elsewhere. */
  readonly approvals: ReadonlySet<string>;
  /** Inputs that are there. */
  readonly inputs: ReadonlySet<string>;
}

/** One criterion, and why it is not met; null when it is. */
export interface CriterionResult {
  readonly criterion: PhaseCriterion;
  readonly problem: string | null;
}

/** Whether a phase may begin, and whether it may end, criterion by criterion. */
export interface PhaseReport {
  readonly id: string;
  readonly mayBegin: boolean;
  /** A phase that may not begin has not ended either. */
  readonly mayEnd: boolean;
  readonly entrance: readonly CriterionResult[];
  readonly exit: readonly CriterionResult[];
}

/**
 * Evaluates the entrance and exit of every phase, in order (PLN-03, PLN-04). A phase that another one waits for must have ended; a
 * criterion about which nothing is known is not met.
 *
 * @throws RangeError when a phase waits for one that does not come before it, or two phases share an id.
 * @example Ask whether the first phase may end
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluatePhases, governancePhases } from "@gov/gates/plan";
 *
 * const facts = {
 *   milestones: new Map([["T-12", ["complete"]]]), gates: new Map(), checks: new Map(), approvals: new Set(),
 *   inputs: new Set(["action_plan", "summary_report", "validation_report", "owners"]),
 * };
 * const [first] = evaluatePhases(governancePhases, facts);
 * assert.deepEqual([first.mayBegin, first.mayEnd], [true, false]);
 * assert.equal(first.exit[1]?.problem, '"phase_plan" is not approved');
 * ```
 */
export function evaluatePhases(phases: readonly Phase[], facts: PhaseFacts): readonly PhaseReport[] {
  const ended = new Map<string, boolean>();
  return phases.map((phase) => {
    if (ended.has(phase.id)) throw new RangeError(`Cannot evaluate phases: phase "${phase.id}" is given twice`);
    const judge = (criterion: PhaseCriterion): CriterionResult => ({ criterion, problem: problemOf(criterion, { facts, ended }) });
    const entrance = phase.entrance.map(judge);
    const exit = phase.exit.map(judge);
    const mayBegin = entrance.every(({ problem }) => problem === null);
    const mayEnd = mayBegin && exit.every(({ problem }) => problem === null);
    ended.set(phase.id, mayEnd);
    return { id: phase.id, mayBegin, mayEnd, entrance, exit };
  });
}

function problemOf(
  criterion: PhaseCriterion,
  world: { readonly facts: PhaseFacts; readonly ended: ReadonlyMap<string, boolean> },
): string | null {
  const { facts, ended } = world;
  switch (criterion.kind) {
    case "approval":
      return facts.approvals.has(criterion.subject) ? null : `"${criterion.subject}" is not approved`;
    case "check":
      return outcomeProblem(criterion, facts.checks);
    case "gate":
      return outcomeProblem(criterion, facts.gates);
    case "input":
      return facts.inputs.has(criterion.name) ? null : `input "${criterion.name}" is missing`;
    case "phase": {
      const hasEnded = ended.get(criterion.id);
      if (hasEnded === undefined) throw new RangeError(`Cannot evaluate phases: phase "${criterion.id}" does not come before`);
      return hasEnded ? null : `phase ${criterion.id} has not ended`;
    }
    case "task": {
      const reached = facts.milestones.get(criterion.id) ?? [];
      return reached.includes(criterion.milestone) ? null : `task ${criterion.id} is not ${criterion.milestone}`;
    }
  }
}

function outcomeProblem(
  { kind, name }: { readonly kind: string; readonly name: string },
  outcomes: ReadonlyMap<string, GateOutcome>,
): string | null {
  const outcome = outcomes.get(name);
  if (isPassing(outcome)) return null;
  return `${kind} "${name}" ${outcome === undefined ? "was not run" : `is ${outcome}`}`;
}
