/**
 * The checks that gates are made of, one per type.
 *
 * @packageDocumentation
 */
export { approvals, retroSignatures } from "./approvals.ts";
export { approvedStatus } from "./approved-status.ts";
export { custom } from "./custom.ts";
export { buildReport, releaseReadiness } from "./checks.ts";
export { testReport } from "./test-report.ts";
export { inputsPresent } from "./inputs-present.ts";
export { healthCheck } from "./health-check.ts";
export { routingConflicts } from "./routing-conflicts.ts";
export { hydrationDeterminism } from "./hydration-determinism.ts";
export { parityChecker } from "./parity-checker.ts";
export { handoffDryRun, manifestPrecheck, manifestUnchanged } from "./manifest.ts";
export { outcomeValidation } from "./outcome-validation.ts";
export { kpiMeasurement } from "./kpi-measurement.ts";
export { improvementCaptured } from "./improvement-captured.ts";
export { yamlLint } from "./yaml-lint.ts";
export { timelineChecker } from "./timeline-checker.ts";
export { resourceValidator } from "./resource-validator.ts";
export { docsFreshness } from "./docs-freshness.ts";
export { provenance } from "./provenance.ts";
export { securityFindings } from "./security-findings.ts";
export { environmentSegregation } from "./environment-segregation.ts";
export { frameworkContract } from "./framework-contract.ts";
export { defaultRoleOrder, roleOrder, roleOrderProblem } from "./role-order.ts";
export { pairedPerformance } from "./paired-performance.ts";
export { builtInValidators } from "./built-in-validators.ts";
export { contracts } from "./contracts.ts";
export { coverageAnalyzer } from "./coverage-analyzer.ts";
export { criticalViolations, criticalZero } from "./critical-zero.ts";
export { dependencyGraph } from "./dependency-graph.ts";
export { jsonSchema } from "./json-schema.ts";
export { planConsistency } from "./plan-consistency.ts";
export { references } from "./references.ts";
export { storyParity } from "./story-parity.ts";
export { contractFindings } from "./contracts.ts";
export type { Validator, ValidatorConfig, ValidatorVerdict } from "./validator.ts";
