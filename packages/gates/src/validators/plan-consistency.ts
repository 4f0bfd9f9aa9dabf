import { makeFinding } from "../internal/make-finding.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import { lintChecklist } from "../plan/lint-checklist.ts";
import { lintPlan, type PlanField, planFields } from "../plan/lint-plan.ts";
import type { Validator } from "./validator.ts";

/**
 * `plan_consistency {require?}`: every plan document and checkbox plan passes its linter (GAT-04, PLN-07). `require` lists the fields
 * each task must have: owner, estimate, acceptance_criteria, slo. No plan at all fails.
 */
export const planConsistency: Validator = {
  type: "plan_consistency",
  options: ["require"],
  needs: () => ["plans"],
  evaluate: (config, evidence) => {
    const require = optionOf(config, { name: "require", fallback: ["owner"] });
    if (!Array.isArray(require) || !require.every((field) => (planFields as readonly unknown[]).includes(field)))
      return misconfigured(config, `require must be a list of ${planFields.join(", ")}`);
    const { documents = [], checklists = [] } = evidence.parts.plans?.value ?? {};
    if (documents.length + checklists.length === 0)
      return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot check plans: there is none")]);
    return verdictOf([
      ...documents.flatMap((plan) => lintPlan(plan, { require: require as readonly PlanField[] })),
      ...checklists.flatMap((checklist) => lintChecklist(checklist)),
    ]);
  },
};
