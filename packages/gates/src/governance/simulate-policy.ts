import type { Finding } from "@gov/schema";
import type { CompiledGovernance } from "./compile-governance.ts";
import { evaluateGovernance, type EvaluateGovernanceOptions } from "./evaluate-governance.ts";
import type { GovernedSubject } from "./governed-subject.ts";

/** What would change for one subject. */
export interface PolicyChange {
  readonly subject: string;
  readonly wasCompliant: boolean;
  readonly wouldBeCompliant: boolean;
  readonly added: readonly Finding[];
  readonly removed: readonly Finding[];
}

/** Tells what would change under another rulebook, for the subjects it would change anything for (GOV-08). Nothing is applied. */
export function simulatePolicy(
  subjects: readonly GovernedSubject[],
  options: EvaluateGovernanceOptions & { readonly current: CompiledGovernance; readonly proposed: CompiledGovernance },
): readonly PolicyChange[] {
  const { current, proposed, ...rest } = options;
  return subjects.flatMap((subject) => {
    const [before, after] = [evaluateGovernance(current, subject, rest), evaluateGovernance(proposed, subject, rest)];
    const [added, removed] = [without(after.findings, before.findings), without(before.findings, after.findings)];
    if (added.length + removed.length === 0) return [];
    return [{ subject: subject.id, wasCompliant: before.isCompliant, wouldBeCompliant: after.isCompliant, added, removed }];
  });
}

function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(others.map((finding) => JSON.stringify(finding)));
  return findings.filter((finding) => !known.has(JSON.stringify(finding)));
}
