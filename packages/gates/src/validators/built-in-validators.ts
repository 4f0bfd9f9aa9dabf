import { pairedPerformance } from "./paired-performance.ts";
import { roleOrder } from "./role-order.ts";
import { frameworkContract } from "./framework-contract.ts";
import { environmentSegregation } from "./environment-segregation.ts";
import { securityFindings } from "./security-findings.ts";
import { provenance } from "./provenance.ts";
import { docsFreshness } from "./docs-freshness.ts";
import { resourceValidator } from "./resource-validator.ts";
import { timelineChecker } from "./timeline-checker.ts";
import { yamlLint } from "./yaml-lint.ts";
import { improvementCaptured } from "./improvement-captured.ts";
import { kpiMeasurement } from "./kpi-measurement.ts";
import { outcomeValidation } from "./outcome-validation.ts";
import { handoffDryRun, manifestPrecheck, manifestUnchanged } from "./manifest.ts";
import { parityChecker } from "./parity-checker.ts";
import { hydrationDeterminism } from "./hydration-determinism.ts";
import { routingConflicts } from "./routing-conflicts.ts";
import { healthCheck } from "./health-check.ts";
import { inputsPresent } from "./inputs-present.ts";
import { testReport } from "./test-report.ts";
import { buildReport, releaseReadiness } from "./checks.ts";
import { approvals, retroSignatures } from "./approvals.ts";
import { approvedStatus } from "./approved-status.ts";
import { contracts } from "./contracts.ts";
import { coverageAnalyzer } from "./coverage-analyzer.ts";
import { criticalZero } from "./critical-zero.ts";
import { custom } from "./custom.ts";
import { dependencyGraph } from "./dependency-graph.ts";
import { jsonSchema } from "./json-schema.ts";
import { planConsistency } from "./plan-consistency.ts";
import { references } from "./references.ts";
import { storyParity } from "./story-parity.ts";
import type { Validator } from "./validator.ts";

/**
 * Every validator of this package by its type; add your own in a map built from this one.
 *
 * @example Add a validator of your own
 * ```ts
 * import assert from "node:assert/strict";
 * import { collectEvidence, evaluateGates } from "@gov/gates";
 * import { builtInValidators } from "@gov/gates/validators";
 *
 * const owned = {
 *   type: "owned",
 *   options: [],
 *   needs: () => ["contracts"],
 *   evaluate: (config, evidence) => ({ outcome: evidence.parts.contracts.value.length > 0 ? "PASS" : "FAIL", findings: [] }),
 * };
 * const validators = new Map([...builtInValidators, [owned.type, owned]]);
 * const evidence = await collectEvidence({ subject: "PLN-BE-2024-01" }, { contracts: async () => ({ value: [], sources: [] }) });
 * const gates = { contracts_written: { triggers: [], validators: [{ type: "owned" }] } };
 * assert.equal(evaluateGates(evidence, gates, { validators }).outcome, "FAIL");
 * assert.equal(evaluateGates(evidence, gates).outcome, "ERROR"); // nobody knows it here
 * ```
 */
export const builtInValidators: ReadonlyMap<string, Validator> = new Map(
  [
    approvals,
    approvedStatus,
    buildReport,
    contracts,
    coverageAnalyzer,
    criticalZero,
    custom,
    dependencyGraph,
    docsFreshness,
    environmentSegregation,
    frameworkContract,
    handoffDryRun,
    healthCheck,
    hydrationDeterminism,
    improvementCaptured,
    inputsPresent,
    jsonSchema,
    kpiMeasurement,
    manifestPrecheck,
    manifestUnchanged,
    outcomeValidation,
    parityChecker,
    pairedPerformance,
    planConsistency,
    provenance,
    references,
    releaseReadiness,
    resourceValidator,
    retroSignatures,
    roleOrder,
    routingConflicts,
    securityFindings,
    storyParity,
    testReport,
    timelineChecker,
    yamlLint,
  ].map((validator) => [validator.type, validator]),
);
