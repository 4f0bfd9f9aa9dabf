import type { Result } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { textsOption } from "../internal/options.ts";
import { parseTime } from "../internal/parse-time.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "../validators/validator.ts";
import { type CompiledGovernance, compileGovernance, type GovernanceRules } from "./compile-governance.ts";
import { evaluateGovernance } from "./evaluate-governance.ts";

/**
 * `governance_rules {must_be_covered?}`: every subject complies with the governance rules, all violations in one report (GOV-05). Tags in
 * `must_be_covered` (compliance) need a rule that says what their value requires. Rules that cannot be used, no subject, and a judgement
 * without its time never pass. Not one of the built-in validators, because it brings the evaluator of conditions: add it to your map.
 *
 * @example Judge governance as a gate
 * ```ts
 * import assert from "node:assert/strict";
 * import { collectEvidence, evaluateGates } from "@gov/gates";
 * import { governanceRules } from "@gov/gates/governance";
 * import { builtInValidators } from "@gov/gates/validators";
 * import { digestBytes } from "@gov/schema/canonical";
 * import { presets } from "@gov/schema/presets";
 *
 * const subject = {
 *   id: "PLN-BE-2026-01", path: "plan.yaml", tags: [{ key: "compliance", value: "gdpr" }], digest: digestBytes(Buffer.from("plan")),
 *   authors: ["ada"], approvals: [], emergencyContact: null, rollbackPlan: null, auditTrail: "none",
 *   documentation: [], scheduledFor: null, freezes: [],
 * };
 * const governed = async () => ({ value: { rules: presets.be.governance, subjects: [subject] }, sources: [] });
 * const evidence = await collectEvidence({ subject: "PLN-BE-2026-01", asOf: "2026-01-10" }, { governed });
 * const gates = { governance: { triggers: [], validators: [{ type: "governance_rules" }] } };
 * const validators = new Map([...builtInValidators, [governanceRules.type, governanceRules]]);
 * const { outcome, findings } = evaluateGates(evidence, gates, { validators });
 * assert.equal(outcome, "FAIL");
 * assert.equal(findings[0]?.message, 'Tag "compliance" is "gdpr", and no rule says what that requires');
 * ```
 */
export const governanceRules: Validator = {
  type: "governance_rules",
  options: ["must_be_covered"],
  needs: () => ["governed"],
  evaluate: (config, evidence) => {
    const mustBeCovered = textsOption(config, { name: "must_be_covered", fallback: ["compliance"] });
    if (mustBeCovered === null) return misconfigured(config, "must_be_covered must be a list of names");
    const asOf = evidence.asOf === null ? null : parseTime(evidence.asOf);
    if (asOf === null) return misconfigured(config, "nobody said at what time it is judged");
    const { rules, subjects = [], flags } = evidence.parts.governed?.value ?? {};
    if (rules === undefined || subjects.length === 0)
      return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge governance: there is no subject")]);
    const compiled = compileOnce(rules);
    if (!compiled.ok) return { outcome: "ERROR", findings: compiled.findings };
    return verdictOf(subjects.flatMap((subject) => evaluateGovernance(compiled.value, subject, { asOf, mustBeCovered, flags }).findings));
  },
};

const compiledBefore = new WeakMap<GovernanceRules, Result<CompiledGovernance>>();

/** The same rules compile to the same: what was compiled once is used again while somebody holds the rules. */
function compileOnce(rules: GovernanceRules): Result<CompiledGovernance> {
  const known = compiledBefore.get(rules);
  if (known !== undefined) return known;
  const compiled = compileGovernance(rules);
  compiledBefore.set(rules, compiled);
  return compiled;
}
