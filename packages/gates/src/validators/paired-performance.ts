import type { Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { numberOption } from "../internal/options.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import { comparePerformance, type PerformanceComparison } from "../performance/compare-performance.ts";
import type { Validator, ValidatorVerdict } from "./validator.ts";

/**
 * `performance {effect_percent?, confidence?}`: no measurement is slower than its baseline, by paired samples and a confidence interval
 * (`confidence`, 0.99), and a slowdown of `effect_percent` (10) would have been seen. The control, the baseline against itself, must
 * show no difference: otherwise the machine, not the change, was measured. What noise leaves open is `PENDING`, never a pass.
 */
export const pairedPerformance: Validator = {
  type: "performance",
  options: ["confidence", "effect_percent"],
  needs: () => ["performance"],
  evaluate: (config, evidence) => {
    const effectPercent = numberOption(config, { name: "effect_percent", fallback: 10, max: 1000 });
    const confidence = optionOf(config, { name: "confidence", fallback: 0.99 });
    if (effectPercent === null || effectPercent === 0) return misconfigured(config, "effect_percent must be a number above 0");
    if (typeof confidence !== "number" || !(confidence >= 0.9 && confidence < 1))
      return misconfigured(config, "confidence must be from 0.9 to below 1");
    const measurements = evidence.parts.performance?.value ?? [];
    if (measurements.length === 0)
      return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge performance: nothing was measured")]);
    const verdicts = measurements.map(({ name, pairs, control, path }): ValidatorVerdict => {
      const open = (message: string) => pending(makeFinding("GATES_PERFORMANCE_OPEN", message, { path }));
      const check = comparePerformance(control, { effectPercent, confidence });
      if (check.verdict !== "unchanged") return open(`The control of "${name}" is ${check.verdict}: ${describe(check)}`);
      const comparison = comparePerformance(pairs, { effectPercent, confidence });
      if (comparison.verdict === "inconclusive") return open(`"${name}" is inconclusive: ${describe(comparison)}`);
      if (comparison.verdict !== "worse") return verdictOf([]);
      return verdictOf([makeFinding("GATES_PERFORMANCE_WORSE", `"${name}" is worse: ${describe(comparison)}`, { path })]);
    });
    const findings = verdicts.flatMap((verdict) => verdict.findings);
    const outcome = (["FAIL", "PENDING"] as const).find((worst) => verdicts.some((verdict) => verdict.outcome === worst));
    return { outcome: outcome ?? "PASS", findings };
  },
};

function pending(finding: Finding): ValidatorVerdict {
  return { outcome: "PENDING", findings: [finding] };
}

function describe({ ratio, interval, pairs, pairsNeeded }: PerformanceComparison): string {
  if (ratio === null || interval === null) return `${pairs} pairs say nothing`;
  const needed = pairsNeeded === null ? "" : `, about ${pairsNeeded} would decide`;
  return `${ratio.toFixed(3)} times the baseline (${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}) in ${pairs} pairs${needed}`;
}
