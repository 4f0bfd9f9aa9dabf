import { makeFinding } from "../internal/make-finding.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `coverage_analyzer {minimum?, metric?}`: measured coverage in percent reaches `minimum` (80); `metric` is `lines` or `branches` (GAT-12). */
export const coverageAnalyzer: Validator = {
  type: "coverage_analyzer",
  options: ["metric", "minimum"],
  needs: () => ["coverage"],
  evaluate: (config, evidence) => {
    const minimum = optionOf(config, { name: "minimum", fallback: 80 });
    const metric = optionOf(config, { name: "metric", fallback: "lines" });
    if (!isPercentage(minimum)) return misconfigured(config, `minimum must be a number from 0 to 100, and is ${JSON.stringify(minimum)}`);
    if (metric !== "lines" && metric !== "branches") return misconfigured(config, "metric must be lines or branches");
    const coverage = evidence.parts.coverage?.value;
    const measured = coverage?.[metric];
    if (!isPercentage(measured)) return misconfigured(config, `the report gives no percentage of ${metric}`);
    if (measured >= minimum) return verdictOf([]);
    return verdictOf([
      makeFinding("GATES_COVERAGE_LOW", `Coverage of ${metric} is ${measured} %: at least ${minimum} % are required`, {
        path: coverage?.path,
      }),
    ]);
  },
};

function isPercentage(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 100;
}
