import { makeFinding } from "../internal/make-finding.ts";
import { textsOption } from "../internal/options.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `inputs_present {inputs?}`: each of `inputs` is there; by default action plan, summary and validation report (GAT-04). */
export const inputsPresent: Validator = {
  type: "inputs_present",
  options: ["inputs"],
  needs: () => ["inputs"],
  evaluate: (config, evidence) => {
    const inputs = textsOption(config, { name: "inputs", fallback: ["action_plan", "summary_report", "validation_report"] });
    if (inputs === null || inputs.length === 0) return misconfigured(config, "inputs must be a list of names");
    const present = new Set((evidence.parts.inputs?.value ?? []).map(({ name }) => name));
    return verdictOf(
      inputs
        .filter((name) => !present.has(name))
        .map((name) => makeFinding("GATES_INPUT_MISSING", `Input "${name}" is missing: it must be there`)),
    );
  },
};
