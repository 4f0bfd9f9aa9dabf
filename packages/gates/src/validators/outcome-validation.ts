import { makeFinding } from "../internal/make-finding.ts";
import { verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `outcome_validation`: each task has acceptance criteria, evidence that they are met, and was accepted (LIF-16). No task at all fails. */
export const outcomeValidation: Validator = {
  type: "outcome_validation",
  options: [],
  needs: () => ["outcomes"],
  evaluate: (_config, evidence) => {
    const outcomes = evidence.parts.outcomes?.value ?? [];
    if (outcomes.length === 0) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge outcomes: there is no task")]);
    return verdictOf(
      outcomes.flatMap((outcome) => {
        const problems = [
          ...(hasText(outcome.acceptanceCriteria) ? [] : ["has no acceptance criteria"]),
          ...(hasText(outcome.evidence) ? [] : ["shows no evidence"]),
          ...(outcome.validation === "accepted" ? [] : [outcome.validation === null ? "was not validated" : `was ${outcome.validation}`]),
        ];
        return problems.map((problem) => makeFinding("GATES_OUTCOME_INVALID", `Task "${outcome.task}" ${problem}`, outcome));
      }),
    );
  },
};

function hasText(texts: readonly string[]): boolean {
  return texts.some((text) => text.trim() !== "");
}
