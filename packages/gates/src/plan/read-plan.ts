import type { ChecklistDocument, PlanDocument } from "@gov/schema";
import { expandIds } from "./expand-ids.ts";
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

/**
 * A document of the kind `plan`, as the linter reads it. A line of the mapping or of the traceability index may name several ids, as in
 * `R-001, R-003..R-005 (loss of data) → T-01`, and several lines of the mapping may name one: it is mapped to the tasks of all of them.
 */
export function planOf(document: PlanDocument, options: PlanOfOptions): Plan {
  const { path, mustAnswer = [], acknowledged = [] } = options;
  const mapped = new Map<string, { readonly tasks: Set<string>; readonly line: number }>();
  for (const { id: named, tasks, line } of document.mappings) {
    for (const id of idsOf(named)) {
      const item = mapped.get(id) ?? { tasks: new Set(), line };
      for (const task of tasks) item.tasks.add(task);
      mapped.set(id, item);
    }
  }
  const noted = new Set(acknowledged);
  const others = [...new Set([...mustAnswer, ...noted])].filter((id) => !mapped.has(id));
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
    items: [
      ...[...mapped].map(([id, { tasks, line }]): PlanItem => ({ id, tasks: [...tasks], isAcknowledged: false, line })),
      ...others.map((id): PlanItem => ({ id, tasks: null, isAcknowledged: noted.has(id), line: null })),
    ],
    traceability:
      document.traceability?.flatMap(({ task, sourceRefs, line }) => idsOf(task).map((id) => ({ task: id, sourceRefs, line }))) ?? null,
  };
}

/** The ids that the left of an arrow names, without what explains them; a text without one is an id of its own kind. */
function idsOf(text: string): readonly string[] {
  const ids = expandIds(text.split(/[(:]/, 1).join());
  return ids.length === 0 ? [text] : ids;
}

/** A document of the kind `checklist`, as the linter reads it; the sources of an item are what stands in square brackets at its end. */
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
