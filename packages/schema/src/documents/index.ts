/**
 * The documents the field speaks of, one zod schema per kind and version. Only this entry loads zod.
 *
 * @example Let zod read a backlog
 * ```ts
 * import assert from "node:assert/strict";
 * import { beBacklogV1 } from "@gov/schema/documents";
 *
 * const task = { id: "PLN-BE-001", title: "Event bus", effort_points: 8, priority: "P0", dependencies: [] };
 * const backlog = beBacklogV1.parse({ version: "1.0.0", generated_at: "2024-01-15T10:00:00Z", tasks: [task] });
 * assert.equal(backlog.tasks[0]?.effort_points, 8);
 * ```
 *
 * @packageDocumentation
 */
export { acceptanceCriteriaV1 } from "./acceptance-criteria-v1.ts";
export { approvalsV1, approvalV1 } from "./approvals-v1.ts";
export { artifactDigestsV1 } from "./artifact-digests-v1.ts";
export { artifactMetadataV1, embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
export { artifactRoutingDocumentV1, artifactRoutingV1, routeMatchV1, routeV1 } from "./artifact-routing-v1.ts";
export { artifactSchemaDocumentV1, artifactSchemaV1 } from "./artifact-schema-v1.ts";
export { artifactSyncRulesDocumentV1, artifactSyncRulesV1, recoverySteps, writeModes } from "./artifact-sync-rules-v1.ts";
export { artifactsIndexV1 } from "./artifacts-index-v1.ts";
export { backlogTaskV1, beBacklogV1 } from "./be-backlog-v1.ts";
export { checklistV1 } from "./checklist-v1.ts";
export { decisionEntryV1, decisionTypes } from "./decision-entry-v1.ts";
export { contractStates, dependencyContractsV1, dependencyContractV1 } from "./dependency-contracts-v1.ts";
export { digestV1 } from "./digest-v1.ts";
export { type DocumentSchema, documentSchemas } from "./document-schemas.ts";
export { cycleIdV1, dateOrTimestampV1, durationV1, idV1, percentV1, schemaNameV1, sha256V1, textV1, timestampV1 } from "./document-text.ts";
export { durationsSlaV1 } from "./durations-sla-v1.ts";
export { isolationConfigV1 } from "./isolation-config-v1.ts";
export { errorDiagnosticV1 } from "./error-diagnostic-v1.ts";
export { executionChangeLogV1 } from "./execution-change-log-v1.ts";
export { feTaskBreakdownV1, feTaskV1 } from "./fe-task-breakdown-v1.ts";
export { featureFlagsV1 } from "./feature-flags-v1.ts";
export { frameworkContractDocumentV1, frameworkContractV1 } from "./framework-contract-v1.ts";
export { freezeCalendarV1 } from "./freeze-calendar-v1.ts";
export { gateConfigDocumentV1 } from "./gate-config-v1.ts";
export { govConfigV1, kindConfigV1 } from "./gov-config-v1.ts";
export { governanceConfigV1, governanceTagV1 } from "./governance-config-v1.ts";
export { handoffManifestC11V1 } from "./handoff-manifest-c11-v1.ts";
export { handoffManifestC22FlatV1 } from "./handoff-manifest-c22-flat-v1.ts";
export { handoffManifestC22V1 } from "./handoff-manifest-c22-v1.ts";
export { gateOutcomes, handoffManifestV1 } from "./handoff-manifest-v1.ts";
export { hydrationRulesDocumentV1, hydrationRulesV1 } from "./hydration-rules-v1.ts";
export { improvementActionsV1, improvementActionV1 } from "./improvement-actions-v1.ts";
export { issueListV1, issueSeverities, issueV1 } from "./issue-list-v1.ts";
export { kpiConfigV1, kpiV1 } from "./kpi-config-v1.ts";
export { kpiConfigV2, kpiDirections, kpiV2 } from "./kpi-config-v2.ts";
export { monitoringConfigV1 } from "./monitoring-config-v1.ts";
export { planSections, planV1 } from "./plan-v1.ts";
export { lifecycleEvents, planningEventV1 } from "./planning-event-v1.ts";
export { planningRequestV1 } from "./planning-request-v1.ts";
export { playbookV1 } from "./playbook-v1.ts";
export { promotionRulesDocumentV1, promotionRulesV1, rollbackSteps, rollbackTriggers } from "./promotion-rules-v1.ts";
export { rbacPolicyDocumentV1, rbacPolicyV1 } from "./rbac-policy-v1.ts";
export { riskLevels, riskRegisterV1 } from "./risk-register-v1.ts";
export { ruleDocument } from "./rule-document.ts";
export { gateConfigV1, governanceRuleV1, lifecycleStates, rulebookDocumentV1, rulebookV1 } from "./rulebook-v1.ts";
export { sealingAlgorithms, sealingConfigV1 } from "./sealing-config-v1.ts";
export { snapshotV1 } from "./snapshot-v1.ts";
export { stagingEnvV1 } from "./staging-env-v1.ts";
export { storyMapV1 } from "./story-map-v1.ts";
export { teamCapacityV1 } from "./team-capacity-v1.ts";
export { telemetryEventV1 } from "./telemetry-event-v1.ts";
export { trustPolicyV1 } from "./trust-policy-v1.ts";
export { findingSeverities, findingV1, verificationFindingsV1 } from "./verification-findings-v1.ts";
export { verificationSummaryV1 } from "./verification-summary-v1.ts";
export { waiverDbV1, waiverV1 } from "./waiver-db-v1.ts";
