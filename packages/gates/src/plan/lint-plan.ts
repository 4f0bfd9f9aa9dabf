import { compareFindings, type Finding } from "@gov/schema";
import type { GatesFindingCode } from "../finding-codes.ts";
import { findCycles } from "../internal/dependency-graph.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { sortedUnique } from "../internal/text-order.ts";
import { itemFindings } from "./lint-plan-items.ts";
import { traceFindings } from "./lint-plan-traceability.ts";
import type { Plan, PlanTask } from "./plan.ts";

/** Fields a plan may be asked to fill for each task. */
export const planFields = ["acceptance_criteria", "estimate", "owner", "slo"] as const;

/** A field a plan may be asked to fill for each task. */
export type PlanField = (typeof planFields)[number];

/** How strictly to lint. */
export interface LintPlanOptions {
  /** Fields each task must have. @default ["owner"] */
  readonly require?: readonly PlanField[] | undefined;
}

/**
 * Lints a plan: every task has a source (PLN-02), prerequisites resolve without a cycle, no task waits for a less urgent one, every
 * task stands in a phase and not before what it needs (PLN-07), risks and the other ids map to tasks (PLN-06), and the traceability
 * index says what the task table says. All findings, in the order of reports.
 *
 * @example Find the task that nobody scheduled
 * ```ts
 * import assert from "node:assert/strict";
 * import { lintPlan } from "@gov/gates/plan";
 *
 * const task = {
 *   description: "Pin the tools", owner: "ada", prerequisites: [], priority: "P0", sourceRefs: ["SR R-001"],
 *   estimate: null, acceptanceCriteria: [], slo: null, line: 4,
 * };
 * const traceability = [{ task: "T-1", sourceRefs: ["SR R-001"], line: 20 }];
 * const plan = { path: "plan.md", tasks: [{ ...task, id: "T-1" }], phases: [], items: [], traceability };
 * assert.deepEqual(lintPlan(plan).map(({ code, line }) => [code, line]), [["GATES_PLAN_TASK_UNSCHEDULED", 4]]);
 * ```
 */
export function lintPlan(plan: Plan, options: LintPlanOptions = {}): readonly Finding[] {
  const { require = ["owner"] } = options;
  return [
    ...duplicateTasks(plan),
    ...plan.tasks.flatMap((task) => taskFindings(plan, { task, require })),
    ...prerequisiteFindings(plan),
    ...scheduleFindings(plan),
    ...itemFindings(plan),
    ...traceFindings(plan),
  ].sort(compareFindings);
}

function duplicateTasks(plan: Plan): readonly Finding[] {
  const seen = new Set<string>();
  return plan.tasks.flatMap((task) => {
    if (!seen.has(task.id)) {
      seen.add(task.id);
      return [];
    }
    return [at(plan, { code: "GATES_ID_DUPLICATE", message: `Task id "${task.id}" is used more than once`, line: task.line })];
  });
}

function taskFindings(plan: Plan, input: { readonly task: PlanTask; readonly require: readonly PlanField[] }): readonly Finding[] {
  const { task, require } = input;
  const { id, line } = task;
  const filled: Readonly<Record<PlanField, boolean>> = {
    acceptance_criteria: task.acceptanceCriteria.some((text) => text.trim() !== ""),
    estimate: isFilled(task.estimate),
    owner: isFilled(task.owner),
    slo: isFilled(task.slo),
  };
  const missing = require.filter((field) => !filled[field]);
  return [
    ...(task.sourceRefs.some(isFilled)
      ? []
      : [at(plan, { code: "GATES_PLAN_SOURCE_MISSING", message: `Task "${id}" names no source: each needs at least one`, line })]),
    ...missing.map((field) => at(plan, { code: "GATES_PLAN_FIELD_MISSING", message: `Task "${id}" has no ${field}`, line })),
  ];
}

function prerequisiteFindings(plan: Plan): readonly Finding[] {
  const tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  const findings = plan.tasks.flatMap((task) =>
    task.prerequisites.flatMap((id) => {
      const needed = tasks.get(id);
      const { line } = task;
      if (needed === undefined)
        return [at(plan, { code: "GATES_PLAN_TASK_UNKNOWN", message: `Task "${task.id}" needs "${id}", which is no task`, line })];
      const [urgency, other] = [urgencyOf(task), urgencyOf(needed)];
      if (urgency === null || other === null || other <= urgency) return [];
      const message = `Task "${task.id}" is ${String(task.priority)} and needs "${id}", which is only ${String(needed.priority)}`;
      return [at(plan, { code: "GATES_PLAN_PRIORITY_INVERSION", message, line })];
    }),
  );
  const ids = sortedUnique(tasks.keys());
  const graph = new Map(ids.map((id) => [id, sortedUnique(tasks.get(id)?.prerequisites ?? []).filter((target) => tasks.has(target))]));
  const cycles = findCycles(graph).map((cycle) => {
    const message = `Tasks depend on each other: ${[...cycle, cycle[0]].join(" → ")}`;
    return at(plan, { code: "GATES_DEPENDENCY_CYCLE", message, line: tasks.get(cycle[0] as string)?.line ?? null });
  });
  return [...findings, ...cycles];
}

function scheduleFindings(plan: Plan): readonly Finding[] {
  const known = new Set(plan.tasks.map(({ id }) => id));
  const first = new Map<string, number>();
  plan.phases.forEach(({ tasks }, index) => tasks.forEach((id) => (first.has(id) ? undefined : first.set(id, index))));
  const unknown = plan.phases.flatMap(({ id, tasks, line }) =>
    tasks
      .filter((task) => !known.has(task))
      .map((task) => at(plan, { code: "GATES_PLAN_TASK_UNKNOWN", message: `Phase "${id}" names "${task}", which is no task`, line })),
  );
  const unscheduled = plan.tasks
    .filter(({ id }) => !first.has(id))
    .map(({ id, line }) => at(plan, { code: "GATES_PLAN_TASK_UNSCHEDULED", message: `Task "${id}" stands in no phase`, line }));
  const early = plan.tasks.flatMap((task) => {
    const phase = first.get(task.id);
    if (phase === undefined) return [];
    return task.prerequisites
      .filter((id) => known.has(id) && (first.get(id) ?? Infinity) > phase)
      .map((id) => {
        const there = first.get(id);
        const where = there === undefined ? "in no phase" : `in phase "${String(plan.phases[there]?.id)}"`;
        const message = `Task "${task.id}" stands in phase "${String(plan.phases[phase]?.id)}" and needs "${id}", which stands ${where}`;
        return at(plan, { code: "GATES_PLAN_PHASE_ORDER", message, line: task.line });
      });
  });
  return [...unknown, ...unscheduled, ...early];
}

function urgencyOf({ priority }: PlanTask): number | null {
  return priority !== null && /^P[0-9]$/.test(priority) ? Number(priority[1]) : null;
}

function isFilled(text: string | null): boolean {
  return text !== null && text.trim() !== "";
}

function at({ path }: Plan, input: { readonly code: GatesFindingCode; readonly message: string; readonly line: number | null }): Finding {
  return makeFinding(input.code, input.message, { path, line: input.line });
}
