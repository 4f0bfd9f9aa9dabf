import { unansweredItems } from "@gov/gates/plan";
import type { Command } from "../command.ts";
import { lintPlanFile, planLint, planOutcome } from "./plan-lint.ts";

/** Shows the risks, blind spots and gaps that no task of a plan answers, or that it answers otherwise than it says. */
export const planRisks: Command = {
  usage: "<document>",
  maxPositionals: 1,
  flags: planLint.flags,
  examples: ["gov plan risks docs/plan.md", "gov plan risks docs/plan.md --answer B-001 --answer M-002"],
  async run(context, call) {
    const [linted, path] = await lintPlanFile(context, call);
    return planOutcome(linted, { path, findings: linted.kind === null ? linted.findings : unansweredItems(linted.findings) });
  },
};
