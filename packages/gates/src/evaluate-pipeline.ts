import { evaluateGates, type EvaluateGatesOptions } from "./evaluate-gates.ts";
import type { Evidence } from "./evidence.ts";
import { canonicalGateName } from "./gate-name.ts";
import { isPassing, worstOutcome } from "./gate-outcome.ts";
import type { GateReport, GateResult } from "./gate-report.ts";
import { compareFindings, type Finding } from "@gov/schema";
import { makeFinding } from "./internal/make-finding.ts";
import { compareText } from "./internal/text-order.ts";
import type { GateConfigs } from "./select-gates.ts";

/** The lists of the shipped pipeline (B-36): pass one of them, or a list of your own, as `order`. */
export const pipelineOrders: Readonly<Record<"core" | "extended", readonly string[]>> = {
  core: ["backlog", "plan", "gen_code", "test"],
  extended: ["backlog", "plan", "gen_code", "test", "audit", "peer_review", "synthesis", "deploy"],
};

/** A pipeline of gates as it stands. */
export interface PipelineReport {
  /** Gates that were not reached are `SKIPPED`. */
  readonly report: GateReport;
  /** The gates in the order they were asked for. */
  readonly order: readonly string[];
  /** The first gate that does not let through; null when all do. */
  readonly blockedBy: string | null;
}

/**
 * Evaluates gates one after the other (GAT-23): the first that does not let through stops the pipeline, and no later one is run, so that
 * none passes out of turn. Pure, like {@link evaluateGates}, whose rules hold for each gate.
 *
 * @throws RangeError when `order` names no gate, or one twice.
 * @example A failing test keeps the audit from being run
 * ```ts
 * import assert from "node:assert/strict";
 * import { collectEvidence, evaluatePipeline } from "@gov/gates";
 *
 * const coverage = async () => ({ value: { lines: 70, branches: 70, path: null }, sources: [] });
 * const evidence = await collectEvidence({ subject: "build-7" }, { coverage });
 * const gates = {
 *   test: { triggers: [], validators: [{ type: "coverage_analyzer" }] },
 *   audit: { triggers: [], validators: [{ type: "routing_conflicts" }] },
 * };
 * const { report, blockedBy } = evaluatePipeline(evidence, gates, { order: ["test", "audit"] });
 * assert.equal(blockedBy, "test");
 * assert.deepEqual(report.gates.map(({ name, outcome }) => [name, outcome]), [["audit", "SKIPPED"], ["test", "FAIL"]]);
 * ```
 */
export function evaluatePipeline(
  evidence: Evidence,
  gates: GateConfigs,
  options: Pick<EvaluateGatesOptions, "validators"> & { readonly order: readonly string[] },
): PipelineReport {
  const { validators } = options;
  const order = options.order.map(canonicalGateName);
  if (order.length === 0 || new Set(order).size !== order.length)
    throw new RangeError(`Cannot run a pipeline: the order must name different gates, and is "${order.join(", ")}"`);
  const reports: GateReport[] = [];
  let blockedBy: GateResult | null = null;
  const results = order.map((name): GateResult => {
    if (blockedBy !== null) return blocked(name, blockedBy);
    const report = evaluateGates(evidence, gates, { names: [name], validators });
    reports.push(report);
    const [result] = report.gates as readonly [GateResult];
    if (!isPassing(result.outcome)) blockedBy = result;
    return result;
  });
  const [first] = reports as [GateReport];
  const findings = [
    ...reports.flatMap((report) => report.findings),
    ...results.filter(({ outcome }) => outcome === "SKIPPED").flatMap((gate) => gate.findings),
  ];
  return {
    report: {
      ...first,
      outcome: worstOutcome(results.map(({ outcome }) => outcome)),
      gates: [...results].sort((a, b) => compareText(a.name, b.name)),
      findings: distinct(findings),
    },
    order,
    blockedBy: (blockedBy as GateResult | null)?.name ?? null,
  };
}

function blocked(name: string, by: GateResult): GateResult {
  const finding = makeFinding("GATES_GATE_BLOCKED", `Gate "${name}" was not run: "${by.name}", which comes before it, is ${by.outcome}`);
  return { name, outcome: "SKIPPED", configDigest: null, validators: [], findings: [finding], evidence: [], failureAction: null };
}

function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()].sort(compareFindings);
}
