import type { Finding, Tag } from "@gov/schema";
import type { Evidence, TaskEvidence } from "../evidence.ts";
import { isCriticalWord } from "../internal/critical-tag.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import { contractFindings } from "./contracts.ts";
import type { Validator, ValidatorConfig } from "./validator.ts";

const sources: readonly unknown[] = ["issues", "violations", "all"];

/**
 * `critical_zero {source?}`: nothing critical is open. The seeds mean two countable things by it (B-06), and `source` tells them
 * apart: `issues` counts open issues of critical severity (GOV-06), `violations` counts critical items without an owner or without
 * acceptance criteria and contracts that fail (GOV-07), `all`, the default, counts both (B-07). An item is critical by the tag
 * `Critical` or `criticality:0`, never by its priority. What that tag *demands* (approvals, a review board) is a governance rule.
 */
export const criticalZero: Validator = {
  type: "critical_zero",
  options: ["source"],
  needs: (config) => [
    ...(sourceOf(config) === "violations" ? [] : (["criticalIssues"] as const)),
    ...(sourceOf(config) === "issues" ? [] : (["backlog", "contracts"] as const)),
  ],
  evaluate: (config, evidence) => {
    const source = sourceOf(config);
    if (!sources.includes(source)) return misconfigured(config, `source must be one of ${sources.join(", ")}`);
    return verdictOf([
      ...(source === "violations" ? [] : openIssues(evidence)),
      ...(source === "issues" ? [] : criticalViolations(evidence)),
    ]);
  },
};

/** Every critical violation of a plan, each as a finding: their number is the `critical_violations` of a manifest (GOV-07). */
export function criticalViolations(evidence: Evidence): readonly Finding[] {
  const critical = (evidence.parts.backlog?.value ?? []).filter(({ tags }) => tags.some(isCritical));
  return [
    ...critical.flatMap(violationsOf),
    ...(evidence.parts.contracts?.value ?? []).flatMap((contract) => contractFindings(contract, { asOf: evidence.asOf })),
  ];
}

function openIssues(evidence: Evidence): readonly Finding[] {
  return (evidence.parts.criticalIssues?.value ?? []).map((issue) =>
    makeFinding("GATES_CRITICAL_ISSUE_OPEN", `Critical issue "${issue.id}" is open: ${issue.title}`, issue),
  );
}

function violationsOf(task: TaskEvidence): readonly Finding[] {
  const findings: Finding[] = [];
  if (task.owner === null || task.owner.trim() === "")
    findings.push(makeFinding("GATES_CRITICAL_OWNER_MISSING", `Critical task "${task.id}" has no owner`, task));
  if (!task.acceptanceCriteria.some((criterion) => criterion.trim() !== "")) {
    findings.push(makeFinding("GATES_CRITICAL_CRITERIA_MISSING", `Critical task "${task.id}" has no acceptance criteria`, task));
  }
  return findings;
}

/** Tags are compared without regard to case, and `Critical:yes` counts, so that no spelling hides a critical item. */
function isCritical(tag: Tag): boolean {
  if (tag.key.trim().toLowerCase() !== "criticality") return isCriticalWord(tag);
  const text = tag.value?.trim().toLowerCase();
  return text === "0" || text === "critical";
}

function sourceOf(config: ValidatorConfig): unknown {
  return optionOf(config, { name: "source", fallback: "all" });
}
