import { makeFinding } from "../internal/make-finding.ts";
import { textsOption } from "../internal/options.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import { securitySeverities } from "../operations-evidence.ts";
import type { Validator } from "./validator.ts";

/**
 * `security_findings {block?}`: a scan found nothing of the severities in `block` (critical, high, unknown) (GOV-18), and nothing of a
 * severity that is none, which nobody has weighed. Other findings are reported as warnings. Waivers are not looked at here: the one evaluator of waivers decides about the report, whose findings carry
 * the rule as `expected`.
 */
export const securityFindings: Validator = {
  type: "security_findings",
  options: ["block"],
  needs: () => ["security"],
  evaluate: (config, evidence) => {
    const block = textsOption(config, { name: "block", fallback: ["critical", "high", "unknown"] });
    if (block === null || !block.every(isSeverity))
      return misconfigured(config, `block must be a list of ${securitySeverities.join(", ")}`);
    const { scanned = 0, findings = [] } = evidence.parts.security?.value ?? {};
    if (!(scanned > 0)) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge security: nothing was scanned")]);
    return verdictOf(
      findings.map(({ id, severity, target, path }) => ({
        ...makeFinding("GATES_SECURITY_FINDING", `${id} (${severity}) in ${target}`, { path }),
        severity: block.includes(isSeverity(severity) ? severity : "unknown") ? ("error" as const) : ("warning" as const),
        expected: id,
      })),
    );
  },
};

function isSeverity(text: string): boolean {
  return (securitySeverities as readonly string[]).includes(text);
}
