/**
 * Nothing moves on unless the rules say so.
 *
 * @packageDocumentation
 */
export { type BreakerMemory, type CircuitBreaker, type CircuitBreakerOptions, createCircuitBreaker } from "./collect/circuit-breaker.ts";
export {
  type CachedReader,
  type Clock,
  collectEvidence,
  type CollectEvidenceOptions,
  type EvidencePorts,
  type EvidenceReader,
  type EvidenceRequest,
  type Observer,
  type ReadContext,
  type Timers,
} from "./collect/collect-evidence.ts";
export { type CustomModulePolicy, type CustomModules, customReader, customScripts } from "./collect/custom-reader.ts";
export { createEvidenceCache, type EvidenceCache } from "./collect/evidence-cache.ts";
export { healthReader, type HttpGet } from "./collect/health-reader.ts";
export { evaluateGates, type EvaluateGatesOptions } from "./evaluate-gates.ts";
export { evaluatePipeline, pipelineOrders, type PipelineReport } from "./evaluate-pipeline.ts";
export { explainReport } from "./explain-report.ts";
export {
  type ArtifactEvidence,
  type Collected,
  type ContractEvidence,
  type CoverageEvidence,
  type CriticalIssueEvidence,
  type Evidence,
  type EvidencePart,
  evidenceParts,
  type EvidenceSource,
  evidenceSources,
  type EvidenceValues,
  type PlansEvidence,
  type StoryEvidence,
  subjectDigest,
  type TaskEvidence,
} from "./evidence.ts";
export { type ChangePlan, type ChangeRequest, type ChangeType, changeTypes, planChange } from "./execution-change.ts";
export { changeLogOf, outcomesOf } from "./execution-evidence.ts";
export { type GatesFindingCode, gatesFindingCodes } from "./finding-codes.ts";
export { gateConfigDigest } from "./gate-config-digest.ts";
export { canonicalGateName } from "./gate-name.ts";
export { type GateOutcome, gateOutcomes, isPassing, parseGateOutcome, worstOutcome } from "./gate-outcome.ts";
export { type GateReport, gateResults, type GateResult, type ValidatorResult } from "./gate-report.ts";
export { neededParts } from "./needed-parts.ts";
export { contractsOf, countTasks, type PlanSource, tasksOf } from "./plan-evidence.ts";
export { type GateConfigs, type GateTrigger, requiredGates } from "./select-gates.ts";
export {
  type ApprovalGiven,
  type ApprovalPlan,
  type ApprovalStatement,
  foldApprovals,
  isApprovalGiven,
  planApproval,
} from "./approval-log.ts";
export { type Approval, countingApprovers, type CountApprovalsOptions } from "./approvals.ts";
export type {
  ApprovalsEvidence,
  ChangeLogEvidence,
  CheckEvidence,
  CustomEvidence,
  DigestEvidence,
  HealthEvidence,
  HydrationEvidence,
  ImprovementEvidence,
  InputEvidence,
  KpiEvidence,
  ManifestEvidence,
  OutcomeEvidence,
  ParityEvidence,
  RoutingEvidence,
  StatusesEvidence,
  TestReportEvidence,
} from "./delivery-evidence.ts";
export {
  type CapacityEvidence,
  type DocsEvidence,
  type EnvironmentsEvidence,
  type FrameworkEvidence,
  type ProvenanceEvidence,
  type RolesEvidence,
  type ScheduleEvidence,
  type SecurityEvidence,
  securitySeverities,
  type TextEvidence,
} from "./operations-evidence.ts";
export {
  comparePerformance,
  type ComparePerformanceOptions,
  type PerformanceComparison,
  type PerformancePair,
  type PerformanceVerdict,
} from "./performance/compare-performance.ts";
export type { PerformanceEvidence } from "./operations-evidence.ts";
export {
  type InTotoStatement,
  type TestResultPredicate,
  testResultStatement,
  type VerificationSummaryOptions,
  type VerificationSummaryPredicate,
  verificationSummaryStatement,
} from "./attestation.ts";
export {
  type Checkpoint,
  type CheckpointCreated,
  checkpointEntries,
  type CheckpointPlan,
  foldCheckpoints,
  planCheckpoints,
} from "./checkpoint.ts";
