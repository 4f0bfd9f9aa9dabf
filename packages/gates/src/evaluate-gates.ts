import { compareFindings, type Finding, type GateConfig } from "@gov/schema";
import { type Evidence, evidenceParts, evidenceSources, subjectDigest } from "./evidence.ts";
import { gateConfigDigest } from "./gate-config-digest.ts";
import { canonicalGateName } from "./gate-name.ts";
import { isPassing, worstOutcome } from "./gate-outcome.ts";
import type { GateReport, GateResult } from "./gate-report.ts";
import { gateConfigShape, isGateConfig } from "./internal/is-gate-config.ts";
import { makeFinding } from "./internal/make-finding.ts";
import { runValidator } from "./internal/run-validator.ts";
import { sortedUnique } from "./internal/text-order.ts";
import { type GateConfigs, gateConfigs, type GateTrigger, requiredGates } from "./select-gates.ts";
import { builtInValidators } from "./validators/built-in-validators.ts";
import type { Validator } from "./validators/validator.ts";

/** Which gates to run, and what they may be made of. */
export interface EvaluateGatesOptions {
  /** Run the gates that guard this edge. @default every configured gate */
  readonly transition?: GateTrigger | undefined;
  /** Run exactly these gates instead, in any spelling; a name nobody configured is an `ERROR`. */
  readonly names?: readonly string[] | undefined;
  /** Validators by type. @default builtInValidators */
  readonly validators?: ReadonlyMap<string, Validator> | undefined;
}

/**
 * Evaluates gates over collected evidence: pure, synchronous, all findings, and byte for byte the same report for the same input,
 * whatever its order (GAT-01). It fails closed: an unknown gate or validator, a configuration or an option nobody understands, a
 * validator that throws or passes with error findings, evidence that is missing, a gate without validators: none of them ever passes.
 *
 * @example A gate names what is wrong, and where
 * ```ts
 * import assert from "node:assert/strict";
 * import { collectEvidence, evaluateGates } from "@gov/gates";
 *
 * const task = { path: "be_backlog.yaml", owner: "ada", tags: [], acceptanceCriteria: [], storyNodes: [] };
 * const backlog = [
 *   { ...task, id: "A", line: 3, dependencies: ["B"] },
 *   { ...task, id: "B", line: 7, dependencies: ["A"] },
 * ];
 * const evidence = await collectEvidence({ subject: "PLN-BE-2024-01" }, { backlog: async () => ({ value: backlog, sources: [] }) });
 * const gates = { cross_stream_consistency: { triggers: [], validators: [{ type: "dependency_graph", max_depth: 5 }] } };
 * const report = evaluateGates(evidence, gates);
 * assert.equal(report.outcome, "FAIL");
 * assert.equal(report.findings[0]?.message, "Tasks depend on each other: A → B → A");
 * ```
 */
export function evaluateGates(evidence: Evidence, gates: GateConfigs, options: EvaluateGatesOptions = {}): GateReport {
  const { transition = null, names = null, validators = builtInValidators } = options;
  const chosen = names ?? (transition === null ? Object.keys(gates) : requiredGates(gates, transition));
  const results = sortedUnique(chosen.map(canonicalGateName)).map((name) =>
    evaluateGate(name, { configs: gateConfigs(gates, name), evidence, validators }),
  );
  return {
    subject: { id: evidence.subject, digest: subjectDigest(evidence) },
    transition: transition && { from: transition.from, to: transition.to },
    outcome: worstOutcome(results.map(({ outcome }) => outcome)),
    gates: results,
    findings: unique(results.flatMap(({ findings, validators: ran }) => [...findings, ...ran.flatMap((result) => result.findings)])),
  };
}

interface GateInput {
  readonly configs: readonly GateConfig[];
  readonly evidence: Evidence;
  readonly validators: ReadonlyMap<string, Validator>;
}

function evaluateGate(name: string, { configs, evidence, validators }: GateInput): GateResult {
  const [config] = configs;
  if (config === undefined) return brokenGate(name, makeFinding("GATES_UNKNOWN_GATE", `Cannot run gate "${name}": nothing configures it`));
  if (configs.length > 1)
    return brokenGate(name, makeFinding("GATES_CONFIG_INVALID", `Cannot run gate "${name}": several spellings of the name configure it`));
  if (!isGateConfig(config))
    return brokenGate(name, makeFinding("GATES_CONFIG_INVALID", `Cannot run gate "${name}": its configuration must be ${gateConfigShape}`));
  if (config.validators.length === 0)
    return brokenGate(name, makeFinding("GATES_VALIDATORS_EMPTY", `Cannot run gate "${name}": it has no validator`));
  const runs = config.validators.map((validator) => runValidator(validator, { evidence, validators }));
  const outcome = worstOutcome(runs.map(({ result }) => result.outcome));
  const parts = new Set(runs.flatMap(({ needs }) => needs));
  return {
    name,
    outcome,
    configDigest: gateConfigDigest(config),
    validators: runs.map(({ result }) => result),
    findings: [],
    evidence: evidenceSources(
      evidence,
      evidenceParts.filter((part) => parts.has(part)),
    ),
    failureAction: isPassing(outcome) ? null : (config.failure_action ?? null),
  };
}

function brokenGate(name: string, finding: Finding): GateResult {
  return { name, outcome: "ERROR", configDigest: null, validators: [], findings: [finding], evidence: [], failureAction: null };
}

function unique(findings: readonly Finding[]): readonly Finding[] {
  const byText = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...byText.values()].sort(compareFindings);
}
