import { type Finding, parseChecklist, parsePlan } from "@gov/schema";
import { lintChecklist } from "./lint-checklist.ts";
import { lintPlan, type LintPlanOptions } from "./lint-plan.ts";
import { checklistOf, planOf, type PlanOfOptions } from "./read-plan.ts";

/** What a text turned out to be, and what is wrong with it. */
export interface LintedPlan {
  /** Null when it is neither: then the findings say why it is no plan. */
  readonly kind: "checklist" | "plan" | null;
  /** Tasks of a plan, items of a checklist. */
  readonly count: number;
  readonly findings: readonly Finding[];
}

/**
 * Lints a text in Markdown: a plan of eight sections (PLN-01), or else a plan of checkboxes (PLN-05).
 *
 * @example Lint a checklist
 * ```ts
 * import assert from "node:assert/strict";
 * import { lintPlanText } from "@gov/gates/plan";
 *
 * const { kind, findings } = lintPlanText("# Close-out\n\n- [x] 1 Hand over [AP L1]\n  - [ ] 1.1 Train [AP L2]\n", { path: "list.md" });
 * assert.equal(kind, "checklist");
 * assert.deepEqual(findings.map(({ message, line }) => [message, line]), [['Item "1.1" is open, and "1" above it is checked', 4]]);
 * ```
 */
export function lintPlanText(text: string, options: PlanOfOptions & LintPlanOptions): LintedPlan {
  const plan = parsePlan(text, { path: options.path });
  if (plan.ok) return { kind: "plan", count: plan.value.tasks.length, findings: lintPlan(planOf(plan.value, options), options) };
  const checklist = parseChecklist(text, { path: options.path });
  if (!checklist.ok) return { kind: null, count: 0, findings: plan.findings };
  return { kind: "checklist", count: checklist.value.items.length, findings: lintChecklist(checklistOf(checklist.value, options)) };
}

/** The findings about risks, blind spots and gaps that no task answers (PLN-06). */
export function unansweredItems(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ code }) => code === "GATES_PLAN_ITEM_MISMATCH" || code === "GATES_PLAN_ITEM_UNMAPPED");
}
