import { compareFindings, type Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";

/** One checkbox of a plan, numbered as `2.7.1` (PLN-05). */
export interface ChecklistItem {
  /** Numbers with dots between them; null for a checkbox without one. */
  readonly id: string | null;
  readonly title: string;
  readonly isChecked: boolean;
  /** How deep the checkbox is nested, from 0. */
  readonly depth: number;
  readonly sourceRefs: readonly string[];
  readonly line: number | null;
}

/** A plan written as checkboxes. */
export interface Checklist {
  readonly path: string;
  readonly items: readonly ChecklistItem[];
}

/** How strictly to lint. */
export interface LintChecklistOptions {
  /** Whether each item that nothing nests under needs a source. @default true */
  readonly requireSources?: boolean | undefined;
}

/** So deep a plan of people nests at most; an item under more would be reported once for each. */
const maxNamedAbove = 10;

/**
 * Lints a checkbox plan: items are numbered, once each and under the item they nest under; nothing is checked while something under it
 * is not; and the items that are work name their sources. All findings, in the order of reports; of an open item, the ten nearest checked
 * ones above it.
 */
export function lintChecklist(checklist: Checklist, options: LintChecklistOptions = {}): readonly Finding[] {
  const { requireSources = true } = options;
  const { path, items } = checklist;
  const seen = new Set<string>();
  const parents: ChecklistItem[] = [];
  const checked: ChecklistItem[] = [];
  const findings: Finding[] = [];
  items.forEach((item, index) => {
    const { id, title, depth, line } = item;
    const name = id ?? title;
    const report = (code: Parameters<typeof makeFinding>[0], message: string) => findings.push(makeFinding(code, message, { path, line }));
    while ((parents.at(-1)?.depth ?? -1) >= depth) if (parents.pop() === checked.at(-1)) checked.pop();
    const parent = parents.at(-1);
    if (id === null) report("GATES_PLAN_ITEM_UNNUMBERED", `Item "${title}" has no number`);
    else if (seen.has(id)) report("GATES_ID_DUPLICATE", `Item number "${id}" is used more than once`);
    else seen.add(id);
    if (id !== null && parent !== undefined && parent.id !== null && !id.startsWith(`${parent.id}.`)) {
      report("GATES_PLAN_ITEM_UNNUMBERED", `Item "${id}" stands under "${parent.id}": its number must begin with "${parent.id}."`);
    }
    for (const above of item.isChecked ? [] : checked.slice(-maxNamedAbove))
      report("GATES_PLAN_ITEM_OPEN", `Item "${name}" is open, and "${above.id ?? above.title}" above it is checked`);
    const isLeaf = (items[index + 1]?.depth ?? -1) <= depth;
    if (requireSources && isLeaf && !item.sourceRefs.some((text) => text.trim() !== ""))
      report("GATES_PLAN_SOURCE_MISSING", `Item "${name}" names no source: each needs at least one`);
    parents.push(item);
    if (item.isChecked) checked.push(item);
  });
  return findings.sort(compareFindings);
}
