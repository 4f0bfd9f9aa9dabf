import type { Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { expandIds } from "./expand-ids.ts";
import type { Plan } from "./plan.ts";

/** Every risk, blind spot and measurement gap is answered by tasks that exist and cite it (PLN-06). */
export function itemFindings(plan: Plan): readonly Finding[] {
  const known = new Set(plan.tasks.map(({ id }) => id));
  const citing = citingTasks(plan);
  return plan.items.flatMap((item) => {
    const { id, tasks, isAcknowledged, line } = item;
    const place = { path: plan.path, line };
    const citedBy = citing.get(id) ?? new Set();
    if (tasks === null || tasks.length === 0) {
      return isAcknowledged || citedBy.size > 0
        ? []
        : [makeFinding("GATES_PLAN_ITEM_UNMAPPED", `"${id}" is answered by no task: map it or cite it`, place)];
    }
    const mapped = new Set(tasks);
    const unknown = tasks.filter((task) => !known.has(task));
    const silent = tasks.filter((task) => known.has(task) && !citedBy.has(task));
    const unmapped = [...citedBy].filter((task) => !mapped.has(task));
    return [
      ...unknown.map((task) => makeFinding("GATES_PLAN_TASK_UNKNOWN", `"${id}" is mapped to "${task}", which is no task`, place)),
      ...silent.map((task) =>
        makeFinding("GATES_PLAN_ITEM_MISMATCH", `"${id}" is mapped to task "${task}", whose sources do not cite it`, place),
      ),
      ...unmapped.map((task) =>
        makeFinding("GATES_PLAN_ITEM_MISMATCH", `"${id}" is cited by task "${task}", which it is not mapped to`, place),
      ),
    ];
  });
}

/** The tasks that cite each item of the plan: an id as plans write them, in a range as well, or any other by its own word. */
function citingTasks({ items, tasks }: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const citing = new Map<string, Set<string>>(items.map(({ id }) => [id, new Set()]));
  for (const { id, sourceRefs } of tasks) {
    for (const ref of sourceRefs) {
      for (const name of [...expandIds(ref), ...ref.split(/[\s,;()]+/), ref.trim()]) citing.get(name)?.add(id);
    }
  }
  return citing;
}
