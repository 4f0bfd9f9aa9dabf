import type { Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { sortedUnique } from "../internal/text-order.ts";
import type { Plan } from "./plan.ts";

/** The traceability index says for each task what the task table says, and nothing else. */
export function traceFindings(plan: Plan): readonly Finding[] {
  const { path, tasks, traceability } = plan;
  if (traceability === null) {
    return [makeFinding("GATES_PLAN_TRACEABILITY_MISMATCH", "The plan has no traceability index of its tasks", { path })];
  }
  const mismatch = (message: string, line: number | null): Finding =>
    makeFinding("GATES_PLAN_TRACEABILITY_MISMATCH", message, { path, line });
  const inTable = new Map<string, readonly string[]>(tasks.map(({ id, sourceRefs }) => [id, sourceRefs]));
  const inIndex = new Map<string, string[]>();
  for (const { task, sourceRefs } of traceability) inIndex.set(task, [...(inIndex.get(task) ?? []), ...sourceRefs]);
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

function without(references: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others.map(plain));
  return sortedUnique(references.map(plain)).filter((ref) => ref !== "" && !known.has(ref));
}

/** Space does not count. */
function plain(reference: string): string {
  return reference.trim().replaceAll(/\s+/g, " ");
}
