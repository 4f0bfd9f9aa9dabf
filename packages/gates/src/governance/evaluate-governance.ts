import { compareFindings, type FeatureFlag, type Finding, type Tag } from "@gov/schema";
import { coerceTags } from "@gov/schema/expression";
import { isCriticalWord } from "../internal/critical-tag.ts";
import { makeFinding } from "../internal/make-finding.ts";
import type { CompiledGovernance, CompiledRule } from "./compile-governance.ts";
import { evaluateFlag } from "./feature-flag.ts";
import type { GovernedSubject } from "./governed-subject.ts";
import { type RequirementHandler, requirementHandlers } from "./requirements.ts";

/** How to evaluate. */
export interface EvaluateGovernanceOptions {
  /** The instant of the judgement, in epoch milliseconds. */
  readonly asOf: number;
  /** @default requirementHandlers */
  readonly handlers?: ReadonlyMap<string, RequirementHandler> | undefined;
  /** Tags whose value must be one that a rule covers, such as a compliance regime. @default ["compliance"] */
  readonly mustBeCovered?: readonly string[] | undefined;
  /** Flags of `feature_flags.yaml` by which rules are rolled out; a rule whose flag cannot be used counts. @default none */
  readonly flags?: Readonly<Record<string, FeatureFlag>> | undefined;
}

/** Which rules apply to a subject, and everything that violates them. */
export interface GovernanceReport {
  readonly subject: string;
  readonly isCompliant: boolean;
  /** Value of each tag, defaults filled in; null when the tags cannot be read. */
  readonly tags: Readonly<Record<string, string | number>> | null;
  /** Names of the rules that apply, in order. */
  readonly applied: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Evaluates governance over one subject: tags with their defaults, then every rule, all violations in one report (GOV-05). A rule that
 * is not effective yet, or not rolled out to the subject, only warns. An unknown requirement, a condition that cannot be evaluated, and a regime that no rule covers are
 * findings, never compliance.
 *
 * @example Ask for what a critical plan needs
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileGovernance, evaluateGovernance } from "@gov/gates/governance";
 * import { digestBytes } from "@gov/schema/canonical";
 * import { presets } from "@gov/schema/presets";
 *
 * const rules = compileGovernance(presets.be.governance);
 * assert(rules.ok);
 * const subject = {
 *   id: "PLN-BE-2024-01", path: null, tags: [{ key: "criticality", value: "0" }], digest: digestBytes(Buffer.from("plan")),
 *   authors: ["ada"], approvals: [], emergencyContact: "bob", rollbackPlan: "rollback.md", auditTrail: "standard",
 *   documentation: [], scheduledFor: null, freezes: [],
 * };
 * const { findings } = evaluateGovernance(rules.value, subject, { asOf: Date.parse("2026-01-01") });
 * assert.deepEqual(findings.map(({ message }) => message), [
 *   'Rule "critical_tag_zero": 3 approvals by different people are required, 0 count',
 *   'Rule "critical_tag_zero": the review board has not approved',
 * ]);
 * ```
 */
export function evaluateGovernance(
  governance: CompiledGovernance,
  subject: GovernedSubject,
  options: EvaluateGovernanceOptions,
): GovernanceReport {
  const { asOf, handlers = requirementHandlers, mustBeCovered = ["compliance"], flags = {} } = options;
  const coerced = coerceTags(asNamed(subject.tags, governance), governance.tags, { place: { path: subject.path } });
  if (!coerced.ok) return { subject: subject.id, isCompliant: false, tags: null, applied: [], findings: coerced.findings };
  const tags = coerced.value;
  const findings: Finding[] = [];
  const input = { tags };
  const applied = governance.rules.filter((rule) => {
    const result = rule.condition.evaluate(input);
    if (!result.ok)
      findings.push(
        makeFinding(
          "GATES_RULE_INVALID",
          `Rule "${rule.name}" cannot be evaluated: ${result.findings.map(({ message }) => message).join("; ")}`,
        ),
      );
    else if (result.value) for (const finding of ruleFindings(rule, { subject, asOf, handlers, flags })) findings.push(finding);
    return result.ok && result.value;
  });
  findings.push(...uncovered(governance, { tags, mustBeCovered, path: subject.path }));
  findings.sort(compareFindings);
  const isCompliant = !findings.some(({ severity }) => severity === "error");
  return { subject: subject.id, isCompliant, tags, applied: applied.map(({ name }) => name), findings };
}

/**
 * Tags under the names that the taxonomy gives them: `Compliance:sox` asks for what `compliance:sox` asks for, and `Critical`, which `critical_zero`
 * counts, for what the criticality 0 asks for, so that no spelling escapes a rule.
 */
function asNamed(tags: readonly Tag[], { tags: taxonomy }: CompiledGovernance): readonly Tag[] {
  const criticality = taxonomy.find(({ name, values }) => name === "criticality" && values.some((value) => String(value) === "0"));
  return tags.map((tag) => {
    const key = tag.key.trim();
    if (taxonomy.some(({ name }) => name === key)) return { ...tag, key };
    const named = taxonomy.find(({ name }) => name.toLowerCase() === key.toLowerCase());
    if (named !== undefined) return { ...tag, key: named.name };
    return criticality !== undefined && isCriticalWord(tag) ? { key: criticality.name, value: "0" } : tag;
  });
}

function ruleFindings(
  rule: CompiledRule,
  world: { readonly subject: GovernedSubject } & Required<Pick<EvaluateGovernanceOptions, "asOf">> & {
      readonly handlers: ReadonlyMap<string, RequirementHandler>;
      readonly flags: Readonly<Record<string, FeatureFlag>>;
    },
): readonly Finding[] {
  const { subject, asOf, handlers, flags } = world;
  const flag = rule.rollout === null ? null : evaluateFlag(flags, rule.rollout, { subject: subject.id, asOf });
  // A flag that cannot be used switches nothing off.
  const isRolledOut = flag === null || flag.isEnabled || flag.findings.length > 0;
  const isEffective = !(asOf < rule.effectiveOn) && isRolledOut;
  const found = rule.requirements.flatMap(([name, value]): readonly Finding[] => {
    const problem = handlers.get(name)?.(value, subject);
    if (problem === null) return [];
    const place = { path: subject.path };
    if (problem === undefined)
      return [
        makeFinding(
          "GATES_REQUIREMENT_UNKNOWN",
          `Rule "${rule.name}" requires ${name}: ${JSON.stringify(value)}, which nothing here understands`,
          place,
        ),
      ];
    return [makeFinding("GATES_GOVERNANCE_VIOLATION", `Rule "${rule.name}": ${problem}`, place)];
  });
  const hint = isRolledOut ? "The rule is announced, and not effective yet" : `The rule is not rolled out here yet: flag "${rule.rollout}"`;
  const told = isEffective ? found : found.map((finding): Finding => ({ ...finding, severity: "warning", hint }));
  return [...(flag?.findings.map((finding): Finding => ({ ...finding, severity: "warning" })) ?? []), ...told];
}

/** A value is covered when some rule applies because of it: with the default in its place, the rule would not. */
function uncovered(
  { tags: taxonomy, rules }: CompiledGovernance,
  world: {
    readonly tags: Readonly<Record<string, string | number>>;
    readonly mustBeCovered: readonly string[];
    readonly path: string | null;
  },
): readonly Finding[] {
  const { tags, mustBeCovered, path } = world;
  const watched = taxonomy.filter(({ name }) => mustBeCovered.includes(name));
  if (watched.length === 0) return [];
  const defaults = defaultsOf(taxonomy);
  return watched
    .filter(({ name }) => tags[name] !== defaults[name])
    .filter(({ name }) => {
      const plain = Object.assign(Object.create(null) as Record<string, string | number>, tags, { [name]: defaults[name] });
      return !rules.some(({ condition }) => {
        const [given, without] = [condition.evaluate({ tags }), condition.evaluate({ tags: plain })];
        return given.ok && without.ok && given.value && !without.value;
      });
    })
    .map(({ name }) =>
      makeFinding("GATES_TAG_UNCOVERED", `Tag "${name}" is "${String(tags[name])}", and no rule says what that requires`, { path }),
    );
}

function defaultsOf(taxonomy: CompiledGovernance["tags"]): Readonly<Record<string, string | number>> {
  const coerced = coerceTags([], taxonomy);
  return coerced.ok ? coerced.value : {};
}
