import { makeFinding } from "../internal/make-finding.ts";
import { numberOption } from "../internal/options.ts";
import { sortedUnique } from "../internal/text-order.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `hydration_determinism {runs?}`: each id was selected at least `runs` (2) times, every time the same document (GAT-03). */
export const hydrationDeterminism: Validator = {
  type: "hydration_determinism",
  options: ["runs"],
  needs: () => ["hydration"],
  evaluate: (config, evidence) => {
    const runs = numberOption(config, { name: "runs", fallback: 2 });
    if (runs === null || runs < 2) return misconfigured(config, "runs must be a number from 2");
    const selections = evidence.parts.hydration?.value ?? [];
    if (selections.length === 0) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge hydration: nothing was selected")]);
    return verdictOf(
      selections.flatMap(({ id, choices }) => {
        const different = sortedUnique(choices);
        if (choices.length < runs)
          return [makeFinding("GATES_HYDRATION_UNSTABLE", `"${id}" was selected ${choices.length} times: ${runs} are required`)];
        return different.length === 1
          ? []
          : [makeFinding("GATES_HYDRATION_UNSTABLE", `"${id}" was selected differently: ${different.join(", ")}`)];
      }),
    );
  },
};
