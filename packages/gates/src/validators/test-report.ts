import { makeFinding } from "../internal/make-finding.ts";
import { numberOption } from "../internal/options.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `test_report {max_skipped?}`: tests ran, none failed, and no more than `max_skipped` (0) were skipped. A run without tests fails. */
export const testReport: Validator = {
  type: "test_report",
  options: ["max_skipped"],
  needs: () => ["testReport"],
  evaluate: (config, evidence) => {
    const maxSkipped = numberOption(config, { name: "max_skipped", fallback: 0 });
    if (maxSkipped === null) return misconfigured(config, "max_skipped must be a number from 0");
    const { total = 0, failed = 0, skipped = 0, path = null } = evidence.parts.testReport?.value ?? {};
    if (![total, failed, skipped].every((count) => Number.isSafeInteger(count) && count >= 0) || failed + skipped > total)
      return misconfigured(config, "the counts of the report contradict each other");
    if (total - skipped === 0) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge tests: none was run", { path })]);
    return verdictOf([
      ...(failed === 0 ? [] : [makeFinding("GATES_TEST_FAILED", `${failed} of ${total} tests failed`, { path })]),
      ...(skipped <= maxSkipped
        ? []
        : [makeFinding("GATES_TEST_FAILED", `${skipped} tests were skipped: at most ${maxSkipped} are allowed`, { path })]),
    ]);
  },
};
