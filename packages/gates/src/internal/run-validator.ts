import { compareFindings, type Finding } from "@gov/schema";
import { type Evidence, type EvidencePart } from "../evidence.ts";
import { gateOutcomes } from "../gate-outcome.ts";
import type { ValidatorResult } from "../gate-report.ts";
import type { Validator, ValidatorConfig, ValidatorVerdict } from "../validators/validator.ts";
import { makeFinding } from "./make-finding.ts";
import { reasonOf } from "./reason-of.ts";
import { sortedUnique } from "./text-order.ts";
import { misconfigured } from "./verdict.ts";

/** A validator's result, and the parts of the evidence it stands on. */
export interface ValidatorRun {
  readonly result: ValidatorResult;
  readonly needs: readonly EvidencePart[];
}

/** Runs one validator so that whatever goes wrong, the result is not a pass. */
export function runValidator(
  config: ValidatorConfig,
  world: { readonly evidence: Evidence; readonly validators: ReadonlyMap<string, Validator> },
): ValidatorRun {
  const { evidence, validators } = world;
  const validator = validators.get(config.type);
  if (validator === undefined) {
    const known = sortedUnique(validators.keys()).join(", ");
    const finding = makeFinding("GATES_UNKNOWN_VALIDATOR", `Cannot run validator "${config.type}": expected one of ${known}`);
    return { result: { type: config.type, outcome: "ERROR", findings: [finding] }, needs: [] };
  }
  const unknown = Object.keys(config).filter((key) => key !== "type" && !validator.options.includes(key));
  if (unknown.length > 0) {
    const known = validator.options.length === 0 ? "it has none" : `expected ${validator.options.join(", ")}`;
    const verdict = misconfigured(
      config,
      `no option ${sortedUnique(unknown)
        .map((key) => `"${key}"`)
        .join(", ")}, ${known}`,
    );
    return { result: resultOf(config.type, verdict), needs: [] };
  }
  let needs: readonly EvidencePart[] = [];
  try {
    needs = validator.needs(config);
    const missing = needs.filter((part) => (evidence.parts[part] ?? null) === null);
    const verdict = missing.length > 0 ? missingEvidence(config, { missing, evidence }) : validator.evaluate(config, evidence);
    return { result: resultOf(config.type, verdict), needs };
  } catch (error) {
    const finding = makeFinding("GATES_VALIDATOR_FAULT", `Validator "${config.type}" failed: ${reasonOf(error)}`);
    return { result: { type: config.type, outcome: "ERROR", findings: [finding] }, needs };
  }
}

function missingEvidence(
  config: ValidatorConfig,
  world: { readonly missing: readonly EvidencePart[]; readonly evidence: Evidence },
): ValidatorVerdict {
  const findings = world.missing.map((part) => {
    const reason = world.evidence.failures.get(part);
    if (reason === undefined)
      return makeFinding("GATES_EVIDENCE_MISSING", `Validator "${config.type}" needs "${part}", which was not collected`);
    return makeFinding("GATES_EVIDENCE_FAILED", `Validator "${config.type}" needs "${part}", which could not be collected: ${reason}`);
  });
  return { outcome: world.missing.some((part) => world.evidence.failures.has(part)) ? "ERROR" : "FAIL", findings };
}

/** Takes a verdict for what it is worth: outcomes no validator may give are faults, and a pass with errors is none. */
function resultOf(type: string, { outcome, findings }: ValidatorVerdict): ValidatorResult {
  const sorted = [...findings].sort(compareFindings);
  if ((outcome as string) === "WAIVED" || !gateOutcomes.includes(outcome)) {
    const fault: Finding = makeFinding(
      "GATES_VALIDATOR_FAULT",
      `Validator "${type}" gave the outcome "${String(outcome)}", which is not its to give`,
    );
    return { type, outcome: "ERROR", findings: [...sorted, fault] };
  }
  const isContradiction = outcome === "PASS" && findings.some(({ severity }) => severity === "error");
  return { type, outcome: isContradiction ? "FAIL" : outcome, findings: sorted };
}
