import { compareFindings, type Finding } from "@gov/schema";
import { type EnforcementModes, modeOf } from "../enforcement/mode-log.ts";
import { worstOutcome } from "../gate-outcome.ts";
import type { GateReport, GateResult, ValidatorResult } from "../gate-report.ts";
import { compareText } from "../internal/text-order.ts";
import { judgeWaiver, type WaiverPolicy } from "./judge-waiver.ts";
import { findingFingerprint, type SignedWaiver, type Waiver } from "./waiver.ts";

/** Every state of a waiver. */
export const waiverStates = ["used", "unused", "expired", "not_yet", "refused"] as const;

/** State of a waiver with respect to one report: `used` covered a finding, `unused` is in force and covered none. */
export type WaiverState = (typeof waiverStates)[number];

/** What became of one waiver. */
export interface WaiverResult {
  readonly id: string;
  readonly state: WaiverState;
  /** Why it is not in force; null for `used` and `unused`. */
  readonly reason: string | null;
}

/** A report after waivers, and every waiver with its state: waived, never hidden. */
export interface WaivedReport {
  readonly report: GateReport;
  /** By id, by code unit. */
  readonly waivers: readonly WaiverResult[];
}

/**
 * Applies waivers to a report: the one evaluator that every surface uses (GOV-10). A finding that a waiver in force covers stays in the
 * report as a note that names the waiver; a validator whose every error is covered becomes `WAIVED`, and a gate whose validators
 * pass or are waived lets through. Only `FAIL` can be waived: what could not be judged, or is pending, stays what it is.
 *
 * @param options.asOf - the instant of the judgement, in epoch milliseconds.
 * @throws RangeError when `asOf` is no number.
 * @example Waive low coverage of one file for two weeks
 * ```ts
 * import assert from "node:assert/strict";
 * import { collectEvidence, evaluateGates } from "@gov/gates";
 * import { applyWaivers } from "@gov/gates/waivers";
 *
 * const coverage = async () => ({ value: { lines: 70, branches: 70, path: "coverage.json" }, sources: [] });
 * const evidence = await collectEvidence({ subject: "PLN-BE-2024-01" }, { coverage });
 * const report = evaluateGates(evidence, { coverage: { triggers: [], validators: [{ type: "coverage_analyzer" }] } });
 * const waiver = {
 *   id: "W-1", rule: "GATES_COVERAGE_LOW", path: "coverage.json", fingerprint: null, reason: "The parser is being replaced",
 *   ticket: "GOV-17", requested_by: "ada", not_before: "2026-01-01", expires: "2026-01-15", emergency: false,
 * };
 * const policy = {
 *   overridePolicy: "waiver", mode: "soft_block", approverRoles: ["quality"], maxDays: 30, emergency: null, notWaivable: [],
 * };
 * const waivers = [{ waiver, signers: [{ person: "bob", role: "quality" }] }];
 * const on = (day) => applyWaivers(report, waivers, { policy, asOf: Date.parse(day) });
 * assert.equal(on("2026-01-14").report.outcome, "WAIVED");
 * assert.deepEqual(on("2026-01-15").waivers, [{ id: "W-1", state: "expired", reason: "it expired on 2026-01-15" }]);
 * ```
 */
export function applyWaivers(
  report: GateReport,
  waivers: readonly SignedWaiver[],
  options: {
    readonly policy: WaiverPolicy;
    readonly asOf: number;
    /** Modes of single gates; what blocks hard is never waived, whatever holds otherwise. @default the mode of the policy */
    readonly modes?: EnforcementModes | null | undefined;
  },
): WaivedReport {
  const sorted = [...waivers].sort((a, b) => compareText(a.waiver.id, b.waiver.id));
  const judged = sorted.map((signed) => ({ waiver: signed.waiver, judgement: judgeWaiver(signed, options) }));
  const inForce = judged.filter(({ judgement }) => judgement.state === "in_force").map(({ waiver }) => waiver);
  const used = new Set<Waiver>();
  const cover = (finding: Finding): Finding => {
    const covering = isWaivable(finding, options.policy) ? inForce.filter((waiver) => covers(waiver, finding)) : [];
    covering.forEach((waiver) => used.add(waiver));
    const [first] = covering;
    return first === undefined ? finding : { ...finding, severity: "note", hint: `Waived by "${first.id}" until ${first.expires}` };
  };
  const { modes = null } = options;
  const blocksHard = ({ name }: GateResult): boolean => modes !== null && modeOf(modes, name) === "hard_block";
  const gates = report.gates.map((gate) => (blocksHard(gate) ? gate : waiveGate(gate, cover)));
  const findings = gates.flatMap((gate) => [...gate.findings, ...gate.validators.flatMap((validator) => validator.findings)]);
  const unique = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return {
    report: {
      ...report,
      gates,
      outcome: worstOutcome(gates.map(({ outcome }) => outcome)),
      findings: [...unique.values()].sort(compareFindings),
    },
    waivers: judged.map(({ waiver, judgement: { state, reason } }) =>
      state === "in_force" ? { id: waiver.id, state: used.has(waiver) ? "used" : "unused", reason } : { id: waiver.id, state, reason },
    ),
  };
}

function waiveGate(gate: GateResult, cover: (finding: Finding) => Finding): GateResult {
  const validators = gate.validators.map((validator) => waiveValidator(validator, cover));
  if (gate.outcome !== "FAIL") return { ...gate, validators };
  const outcome = worstOutcome(validators.map((validator) => validator.outcome));
  return { ...gate, validators, outcome, failureAction: outcome === "FAIL" ? gate.failureAction : null };
}

function waiveValidator(validator: ValidatorResult, cover: (finding: Finding) => Finding): ValidatorResult {
  if (validator.outcome !== "FAIL") return validator;
  const findings = validator.findings.map((finding) => (finding.severity === "error" ? cover(finding) : finding));
  const isWaived = validator.findings.some(isError) && !findings.some(isError);
  return { ...validator, findings, outcome: isWaived ? "WAIVED" : "FAIL" };
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}

/** Neither its code nor the rule it carries is one that no waiver covers, whichever of the two a waiver names. */
function isWaivable(finding: Finding, { notWaivable }: WaiverPolicy): boolean {
  const rule = ruleOf(finding);
  return !notWaivable.includes(finding.code) && (rule === null || !notWaivable.includes(rule));
}

/** Findings whose `expected` names the rule of a scanner, or the code of a module of the user's own. */
const carriesRule: readonly string[] = ["GATES_CUSTOM_FAILED", "GATES_SECURITY_FINDING"];

function ruleOf({ code, expected }: Finding): string | null {
  return carriesRule.includes(code) ? (expected ?? null) : null;
}

function covers(waiver: Waiver, finding: Finding): boolean {
  // A code covers many findings, whoever gives it: it needs a scope of its own.
  const isScoped = waiver.path !== null || waiver.fingerprint !== null;
  const isRule = (isScoped && waiver.rule === finding.code) || waiver.rule === ruleOf(finding);
  if (!isRule) return false;
  if (waiver.fingerprint !== null && waiver.fingerprint !== findingFingerprint(finding)) return false;
  if (waiver.path === null) return true;
  if (!waiver.path.endsWith("/**")) return finding.path === waiver.path;
  return finding.path?.startsWith(waiver.path.slice(0, -2)) === true;
}
