import { sortedUnique } from "../internal/text-order.ts";
import { type CompiledGovernance, compileGovernance, type GovernanceRules } from "./compile-governance.ts";

/** One area that an audit asks about, and what the rulebook has for it. */
export interface ChecklistArea {
  readonly area: string;
  /** Rules that bear on it, in order. */
  readonly rules: readonly string[];
  /** What these rules require, as `name: value`. */
  readonly requirements: readonly string[];
}

const securityReview: readonly string[] = ["review_board", "audit_trail"];
const changeManagement: readonly string[] = ["approval_count", "change_freeze", "rollback_plan"];

/**
 * The compliance checklist of a rulebook: each regime that its tags know, security review and change management, with the rules that
 * bear on them (GOV-21). An area without a rule is listed too. It is a list of what is configured, and certifies nothing.
 *
 * @throws RangeError when the rules cannot be compiled.
 */
export function complianceChecklist(source: GovernanceRules): readonly ChecklistArea[] {
  const compiled = compileGovernance(source);
  if (!compiled.ok) throw new RangeError(`Cannot make a checklist: ${compiled.findings.map(({ message }) => message).join("; ")}`);
  const governance = compiled.value;
  const regimes = governance.tags.find(({ name }) => name === "compliance");
  const values = (regimes?.values ?? []).filter((value) => value !== regimes?.default);
  return [
    ...sortedUnique(values.map(String)).map((value) =>
      areaOf(value.toUpperCase(), governance, (rule) => appliesTo(governance, rule, value)),
    ),
    areaOf("Security review", governance, ({ requirements }) => requirements.some(([name]) => securityReview.includes(name))),
    areaOf("Change management", governance, ({ requirements }) => requirements.some(([name]) => changeManagement.includes(name))),
  ];
}

/** The checklist as Markdown, the same bytes for the same rulebook. */
export function renderComplianceChecklist(areas: readonly ChecklistArea[]): string {
  const lines = areas.flatMap(({ area, rules, requirements }) => [
    `- [ ] ${area}: ${rules.length === 0 ? "no rule covers it" : rules.join(", ")}`,
    ...requirements.map((requirement) => `  - [ ] ${requirement}`),
  ]);
  return `# Compliance checklist\n\n${lines.join("\n")}\n`;
}

type Rule = CompiledGovernance["rules"][number];

function areaOf(area: string, { rules }: CompiledGovernance, bears: (rule: Rule) => boolean): ChecklistArea {
  const own = rules.filter(bears);
  const requirements = own.flatMap((rule) => rule.requirements.map(([name, value]) => `${name}: ${String(value)}`));
  return { area, rules: own.map(({ name }) => name), requirements: sortedUnique(requirements) };
}

function appliesTo({ tags }: CompiledGovernance, { condition }: Rule, value: string): boolean {
  const defaults = Object.fromEntries(tags.map(({ name, default: plain }) => [name, plain]));
  const [given, without] = [condition.evaluate({ tags: { ...defaults, compliance: value } }), condition.evaluate({ tags: defaults })];
  return given.ok && without.ok && given.value && !without.value;
}
