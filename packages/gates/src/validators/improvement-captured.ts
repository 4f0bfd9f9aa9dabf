import { makeFinding } from "../internal/make-finding.ts";
import { numberOption } from "../internal/options.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `improvement_captured {minimum?}`: at least `minimum` (1) improvements were taken down for the next cycle, each with an owner (GAT-18). */
export const improvementCaptured: Validator = {
  type: "improvement_captured",
  options: ["minimum"],
  needs: () => ["improvements"],
  evaluate: (config, evidence) => {
    const minimum = numberOption(config, { name: "minimum", fallback: 1 });
    if (minimum === null) return misconfigured(config, "minimum must be a number from 0");
    const improvements = evidence.parts.improvements?.value ?? [];
    const count = new Set(improvements.map(({ id }) => id)).size;
    return verdictOf([
      ...(count >= minimum
        ? []
        : [makeFinding("GATES_IMPROVEMENT_MISSING", `${count} improvements were captured: at least ${minimum} are required`)]),
      ...improvements
        .filter(({ owner }) => owner === null || owner.trim() === "")
        .map((improvement) => makeFinding("GATES_IMPROVEMENT_MISSING", `Improvement "${improvement.id}" has no owner`, improvement)),
    ]);
  },
};
