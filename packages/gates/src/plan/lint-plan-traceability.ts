import type { Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { sortedUnique } from "../internal/text-order.ts";
import type { Plan, PlanTrace } from "./plan.ts";

/** The traceability index says for each task what the task table says, and nothing else. */
export function traceFindings(plan: Plan): readonly Finding[] {
  const { path, tasks, traceability } = plan;
  if (traceability === null) {
    return [makeFinding("GATES_PLAN_TRACEABILITY_MISMATCH", "The plan has no traceability index of its tasks", { path })];
  }
  const mismatch = (message: string, line: number | null): Finding =>
    makeFinding("GATES_PLAN_TRACEABILITY_MISMATCH", message, { path, line });
  const inTable = referencesOf(tasks.map(({ id, sourceRefs }) => ({ task: id, sourceRefs })));
  const inIndex = referencesOf(traceability);
  return [
    ...tasks.flatMap(({ id, sourceRefs, line }) => {
      const indexed = inIndex.get(id);
      if (indexed === undefined) return [mismatch(`Task "${id}" is missing in the traceability index`, line)];
      return without(sourceRefs, indexed).map((ref) =>
        mismatch(`Task "${id}" cites "${ref}", which the traceability index does not`, line),
      );
    }),
    ...traceability.flatMap(({ task, sourceRefs, line }) => {
      const cited = inTable.get(task);
      if (cited === undefined) return [mismatch(`The traceability index names "${task}", which is no task`, line)];
      return without(sourceRefs, cited).map((ref) =>
        mismatch(`The traceability index cites "${ref}" for task "${task}", which the task table does not`, line),
      );
    }),
  ];
}

function referencesOf(traces: readonly Pick<PlanTrace, "sourceRefs" | "task">[]): ReadonlyMap<string, ReadonlySet<string>> {
  const references = new Map<string, Set<string>>();
  for (const { task, sourceRefs } of traces) {
    const known = references.get(task) ?? new Set();
    for (const ref of sourceRefs) known.add(plain(ref));
    references.set(task, known);
  }
  return references;
}

function without(references: readonly string[], known: ReadonlySet<string>): readonly string[] {
  return sortedUnique(references.map(plain)).filter((ref) => ref !== "" && !known.has(ref));
}

/** Space does not count. */
function plain(reference: string): string {
  return reference.trim().replaceAll(/\s+/g, " ");
}
