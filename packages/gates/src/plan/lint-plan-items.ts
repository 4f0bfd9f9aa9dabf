import type { Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { expandIds } from "./expand-ids.ts";
import type { Plan } from "./plan.ts";

/** Every risk, blind spot and measurement gap is answered by tasks that exist and cite it (PLN-06). */
export function itemFindings(plan: Plan): readonly Finding[] {
  const cited = new Map<string, Set<string>>(plan.tasks.map(({ id, sourceRefs }) => [id, new Set(sourceRefs.flatMap(expandIds))]));
  const answered = new Set([...cited.values()].flatMap((ids) => [...ids]));
  return plan.items.flatMap((item) => {
    const { id, tasks, isAcknowledged, line } = item;
    const place = { path: plan.path, line };
    if (tasks === null || tasks.length === 0) {
      return isAcknowledged || answered.has(id)
        ? []
        : [makeFinding("GATES_PLAN_ITEM_UNMAPPED", `"${id}" is answered by no task: map it or cite it`, place)];
    }
    const mapped = new Set(tasks);
    const unknown = tasks.filter((task) => !cited.has(task));
    const silent = tasks.filter((task) => cited.has(task) && !cited.get(task)?.has(id));
    const unmapped = [...cited].filter(([task, ids]) => ids.has(id) && !mapped.has(task)).map(([task]) => task);
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
