import type { Finding, Result } from "@gov/schema";
import { compileCondition, type Expression, type TagTaxonomy } from "@gov/schema/expression";
import { makeFinding } from "../internal/make-finding.ts";
import { compareText } from "../internal/text-order.ts";
import { parseTime } from "../internal/parse-time.ts";

/** Governance as a rulebook writes it, with the day from which each rule counts. */
export interface GovernanceRules {
  readonly tags: TagTaxonomy;
  readonly rules: Readonly<
    Record<
      string,
      {
        readonly condition: string;
        readonly requirements: readonly Readonly<Record<string, unknown>>[];
        /** First day the rule counts, ISO 8601; before, it only warns. @default always */
        readonly effective_on?: string | undefined;
        /** Feature flag by which it is rolled out: where the flag is off, it only warns. @default everywhere at once */
        readonly rollout?: string | undefined;
      }
    >
  >;
}

/** One rule, ready to be evaluated. */
export interface CompiledRule {
  readonly name: string;
  readonly condition: Expression<boolean>;
  readonly requirements: readonly (readonly [name: string, value: unknown])[];
  /** Epoch milliseconds. */
  readonly effectiveOn: number;
  /** Feature flag by which it is rolled out; null for everywhere at once. */
  readonly rollout: string | null;
}

/** Rules whose conditions were checked against the taxonomy. */
export interface CompiledGovernance {
  readonly tags: TagTaxonomy;
  /** By name, by code unit. */
  readonly rules: readonly CompiledRule[];
}

/**
 * Compiles governance rules once, at load: a condition that names an unknown tag or value, is no condition, or costs too much is
 * refused here, and never silently false later (GOV-02).
 */
export function compileGovernance(source: GovernanceRules): Result<CompiledGovernance> {
  const findings: Finding[] = [];
  const rules = Object.entries(source.rules)
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([name, rule]): readonly CompiledRule[] => {
      const refuse = (problem: string) => void findings.push(makeFinding("GATES_RULE_INVALID", `Governance rule "${name}" ${problem}`));
      const condition = compileCondition(rule.condition, source.tags);
      const effectiveOn = rule.effective_on === undefined ? -Infinity : parseTime(rule.effective_on);
      const requirements = rule.requirements.flatMap((requirement) => Object.entries(requirement));
      if (effectiveOn === null) refuse(`is effective on "${String(rule.effective_on)}", which is no day`);
      if (requirements.length === 0) refuse("requires nothing");
      if (!condition.ok) refuse(`has a condition that cannot be used: ${condition.findings.map(({ message }) => message).join("; ")}`);
      if (!condition.ok || effectiveOn === null) return [];
      return [{ name, condition: condition.value, requirements, effectiveOn, rollout: rule.rollout ?? null }];
    });
  return findings.length > 0 ? { ok: false, findings } : { ok: true, value: { tags: source.tags, rules }, findings: [] };
}
