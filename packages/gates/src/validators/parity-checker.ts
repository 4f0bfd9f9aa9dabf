import { makeFinding } from "../internal/make-finding.ts";
import { numberOption } from "../internal/options.ts";
import { sortedUnique } from "../internal/text-order.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `parity_checker {min_delivered?, max_scope_variance?, min_test_parity?}`: no capability was lost (GAT-13), and in percent at least
 * `min_delivered` (100) of the planned tasks were delivered, at most `max_scope_variance` (0) of the plan came on top or fell away, and
 * at least `min_test_parity` (100) of the planned tests pass (GAT-17). A plan without tasks fails.
 */
export const parityChecker: Validator = {
  type: "parity_checker",
  options: ["max_scope_variance", "min_delivered", "min_test_parity"],
  needs: () => ["parity"],
  evaluate: (config, evidence) => {
    const minDelivered = numberOption(config, { name: "min_delivered", fallback: 100, max: 100 });
    const maxVariance = numberOption(config, { name: "max_scope_variance", fallback: 0 });
    const minTests = numberOption(config, { name: "min_test_parity", fallback: 100, max: 100 });
    if (minDelivered === null || maxVariance === null || minTests === null)
      return misconfigured(config, "min_delivered and min_test_parity must be from 0 to 100, max_scope_variance from 0");
    const part = evidence.parts.parity?.value;
    const path = part?.path ?? null;
    const planned = new Set(part?.plannedTasks);
    if (part === undefined || planned.size === 0)
      return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge parity: no task was planned", { path })]);
    const delivered = new Set(part.deliveredTasks);
    const missing = sortedUnique([...planned].filter((id) => !delivered.has(id)));
    const added = [...delivered].filter((id) => !planned.has(id));
    const after = new Set(part.capabilitiesAfter);
    const lost = sortedUnique(part.capabilitiesBefore).filter((name) => !after.has(name));
    const deliveredPercent = percent(planned.size - missing.length, planned.size);
    const variance = percent(missing.length + added.length, planned.size, Math.ceil);
    const tests = part.plannedTests === 0 ? 100 : percent(part.passedTests, part.plannedTests);
    if (![part.plannedTests, part.passedTests].every((count) => Number.isSafeInteger(count) && count >= 0))
      return misconfigured(config, "the counts of tests are no whole numbers from 0");
    const low = (message: string) => makeFinding("GATES_PARITY_LOW", message, { path });
    return verdictOf([
      ...lost.map((name) => makeFinding("GATES_CAPABILITY_LOST", `Capability "${name}" was there before and is not any more`, { path })),
      ...(deliveredPercent >= minDelivered
        ? []
        : [low(`${deliveredPercent} % of the planned tasks were delivered, not ${missing.join(", ")}: ${minDelivered} % are required`)]),
      ...(variance <= maxVariance ? [] : [low(`The scope varies by ${variance} %: at most ${maxVariance} % are allowed`)]),
      ...(tests >= minTests ? [] : [low(`${tests} % of the planned tests pass: ${minTests} % are required`)]),
    ]);
  },
};

/** In hundredths of a percent, rounded down, so that what is not all never reads 100; what varies is rounded up, so that it never reads 0. */
function percent(part: number, whole: number, round = Math.floor): number {
  // Multiplied first: 57 of 100 are 57 %, and not a little less.
  return round((part * 10_000) / whole) / 100;
}
