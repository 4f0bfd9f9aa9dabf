import type { ChecklistDocument, PlanDocument } from "@gov/schema";
import type { Checklist, ChecklistItem } from "./lint-checklist.ts";
import type { Plan, PlanItem } from "./plan.ts";

/** What a plan document has to answer, besides what it maps itself. */
export interface PlanOfOptions {
  readonly path: string;
  /** Ids of risks, blind spots and gaps that stand in other documents; one the plan does not map has to be cited by a task (PLN-06). @default none */
  readonly mustAnswer?: readonly string[] | undefined;
  /** Ids that the plan only takes note of, such as assumptions. @default none */
  readonly acknowledged?: readonly string[] | undefined;
}

/** A document of the kind `plan`, as the linter reads it. */
export function planOf(document: PlanDocument, options: PlanOfOptions): Plan {
  const { path, mustAnswer = [], acknowledged = [] } = options;
  const mapped = document.mappings.map(({ id, tasks, line }): PlanItem => ({ id, tasks, isAcknowledged: false, line }));
  const known = new Set(mapped.map(({ id }) => id));
  const others = [...new Set([...mustAnswer, ...acknowledged])].filter((id) => !known.has(id));
  return {
    path,
    tasks: document.tasks.map(({ id, description, owner, prerequisites, priority, sourceRefs, line }) => ({
      id,
      description,
      owner,
      prerequisites,
      priority,
      sourceRefs,
      estimate: null,
      acceptanceCriteria: [],
      slo: null,
      line,
    })),
    phases: document.phases.map(({ id, tasks, line }) => ({ id, tasks, line })),
    items: [...mapped, ...others.map((id): PlanItem => ({ id, tasks: null, isAcknowledged: acknowledged.includes(id), line: null }))],
    traceability: document.traceability,
  };
}

/** A document of the kind `checklist`, as the linter reads it; the sources of an item are what stands in its last square brackets. */
export function checklistOf(document: ChecklistDocument, options: { readonly path: string }): Checklist {
  const depths = new Map<string, number>();
  const items = document.items.map(({ id, text, isDone, parent, line }): ChecklistItem => {
    const depth = parent === null ? 0 : (depths.get(parent) ?? 0) + 1;
    depths.set(id, depth);
    const begin = text.lastIndexOf("[");
    const refs = text.endsWith("]") && begin >= 0 ? text.slice(begin + 1, -1).split(";") : [];
    const isNumbered = /^[0-9]/.test(id);
    return {
      id: isNumbered ? id : null,
      title: text,
      isChecked: isDone,
      depth,
      sourceRefs: refs.map((ref) => ref.trim()).filter((ref) => ref !== ""),
      line,
    };
  });
  return { path: options.path, items };
}
