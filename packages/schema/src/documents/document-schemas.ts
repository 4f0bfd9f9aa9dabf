import type { z } from "zod";
import { acceptanceCriteriaV1 } from "./acceptance-criteria-v1.ts";
import { approvalsV1 } from "./approvals-v1.ts";
import { artifactDigestsV1 } from "./artifact-digests-v1.ts";
import { artifactMetadataV1 } from "./artifact-metadata-v1.ts";
import { artifactRoutingDocumentV1 } from "./artifact-routing-v1.ts";
import { artifactSchemaDocumentV1 } from "./artifact-schema-v1.ts";
import { artifactSyncRulesDocumentV1 } from "./artifact-sync-rules-v1.ts";
import { artifactsIndexV1 } from "./artifacts-index-v1.ts";
import { beBacklogV1 } from "./be-backlog-v1.ts";
import { checklistV1 } from "./checklist-v1.ts";
import { decisionEntryV1 } from "./decision-entry-v1.ts";
import { dependencyContractsV1 } from "./dependency-contracts-v1.ts";
import { digestV1 } from "./digest-v1.ts";
import { durationsSlaV1 } from "./durations-sla-v1.ts";
import { errorDiagnosticV1 } from "./error-diagnostic-v1.ts";
import { executionChangeLogV1 } from "./execution-change-log-v1.ts";
import { feTaskBreakdownV1 } from "./fe-task-breakdown-v1.ts";
import { featureFlagsV1 } from "./feature-flags-v1.ts";
import { frameworkContractDocumentV1 } from "./framework-contract-v1.ts";
import { freezeCalendarV1 } from "./freeze-calendar-v1.ts";
import { gateConfigDocumentV1 } from "./gate-config-v1.ts";
import { govConfigV1 } from "./gov-config-v1.ts";
import { governanceConfigV1 } from "./governance-config-v1.ts";
import { handoffManifestC11V1 } from "./handoff-manifest-c11-v1.ts";
import { handoffManifestC22FlatV1 } from "./handoff-manifest-c22-flat-v1.ts";
import { handoffManifestC22V1 } from "./handoff-manifest-c22-v1.ts";
import { handoffManifestV1 } from "./handoff-manifest-v1.ts";
import { hydrationRulesDocumentV1 } from "./hydration-rules-v1.ts";
import { improvementActionsV1 } from "./improvement-actions-v1.ts";
import { isolationConfigV1 } from "./isolation-config-v1.ts";
import { issueListV1 } from "./issue-list-v1.ts";
import { kpiConfigV1 } from "./kpi-config-v1.ts";
import { kpiConfigV2 } from "./kpi-config-v2.ts";
import { monitoringConfigV1 } from "./monitoring-config-v1.ts";
import { planV1 } from "./plan-v1.ts";
import { planningEventV1 } from "./planning-event-v1.ts";
import { planningRequestV1 } from "./planning-request-v1.ts";
import { playbookV1 } from "./playbook-v1.ts";
import { promotionRulesDocumentV1 } from "./promotion-rules-v1.ts";
import { rbacPolicyDocumentV1 } from "./rbac-policy-v1.ts";
import { riskRegisterV1 } from "./risk-register-v1.ts";
import { rulebookDocumentV1 } from "./rulebook-v1.ts";
import { sealingConfigV1 } from "./sealing-config-v1.ts";
import { snapshotV1 } from "./snapshot-v1.ts";
import { stagingEnvV1 } from "./staging-env-v1.ts";
import { storyMapV1 } from "./story-map-v1.ts";
import { teamCapacityV1 } from "./team-capacity-v1.ts";
import { telemetryEventV1 } from "./telemetry-event-v1.ts";
import { trustPolicyV1 } from "./trust-policy-v1.ts";
import { verificationFindingsV1 } from "./verification-findings-v1.ts";
import { verificationSummaryV1 } from "./verification-summary-v1.ts";
import { waiverDbV1 } from "./waiver-db-v1.ts";

/** One version of one kind, as authored; `json/<kind>-v<version>.json` and the precompiled validator are generated from it. */
export interface DocumentSchema {
  readonly kind: string;
  readonly version: number;
  readonly schema: z.ZodType;
}

/** Every version of every kind that ships, by kind and version (SCH-07, SCH-17). */
export const documentSchemas: readonly DocumentSchema[] = [
  { kind: "acceptance_criteria", version: 1, schema: acceptanceCriteriaV1 },
  { kind: "approvals", version: 1, schema: approvalsV1 },
  { kind: "artifact_digests", version: 1, schema: artifactDigestsV1 },
  { kind: "artifact_metadata", version: 1, schema: artifactMetadataV1 },
  { kind: "artifact_routing", version: 1, schema: artifactRoutingDocumentV1 },
  { kind: "artifact_schema", version: 1, schema: artifactSchemaDocumentV1 },
  { kind: "artifact_sync_rules", version: 1, schema: artifactSyncRulesDocumentV1 },
  { kind: "artifacts_index", version: 1, schema: artifactsIndexV1 },
  { kind: "be_backlog", version: 1, schema: beBacklogV1 },
  { kind: "checklist", version: 1, schema: checklistV1 },
  { kind: "decision_entry", version: 1, schema: decisionEntryV1 },
  { kind: "dependency_contracts", version: 1, schema: dependencyContractsV1 },
  { kind: "digest", version: 1, schema: digestV1 },
  { kind: "durations_sla", version: 1, schema: durationsSlaV1 },
  { kind: "error_diagnostic", version: 1, schema: errorDiagnosticV1 },
  { kind: "execution_change_log", version: 1, schema: executionChangeLogV1 },
  { kind: "fe_task_breakdown", version: 1, schema: feTaskBreakdownV1 },
  { kind: "feature_flags", version: 1, schema: featureFlagsV1 },
  { kind: "framework_contract", version: 1, schema: frameworkContractDocumentV1 },
  { kind: "freeze_calendar", version: 1, schema: freezeCalendarV1 },
  { kind: "gate_config", version: 1, schema: gateConfigDocumentV1 },
  { kind: "gov_config", version: 1, schema: govConfigV1 },
  { kind: "governance_config", version: 1, schema: governanceConfigV1 },
  { kind: "handoff_manifest", version: 1, schema: handoffManifestV1 },
  { kind: "handoff_manifest_c11", version: 1, schema: handoffManifestC11V1 },
  { kind: "handoff_manifest_c22", version: 1, schema: handoffManifestC22V1 },
  { kind: "handoff_manifest_c22_flat", version: 1, schema: handoffManifestC22FlatV1 },
  { kind: "hydration_rules", version: 1, schema: hydrationRulesDocumentV1 },
  { kind: "improvement_actions", version: 1, schema: improvementActionsV1 },
  { kind: "isolation_config", version: 1, schema: isolationConfigV1 },
  { kind: "issue_list", version: 1, schema: issueListV1 },
  { kind: "kpi_config", version: 1, schema: kpiConfigV1 },
  { kind: "kpi_config", version: 2, schema: kpiConfigV2 },
  { kind: "monitoring_config", version: 1, schema: monitoringConfigV1 },
  { kind: "plan", version: 1, schema: planV1 },
  { kind: "planning_event", version: 1, schema: planningEventV1 },
  { kind: "planning_request", version: 1, schema: planningRequestV1 },
  { kind: "playbook", version: 1, schema: playbookV1 },
  { kind: "promotion_rules", version: 1, schema: promotionRulesDocumentV1 },
  { kind: "rbac_policy", version: 1, schema: rbacPolicyDocumentV1 },
  { kind: "risk_register", version: 1, schema: riskRegisterV1 },
  { kind: "rulebook", version: 1, schema: rulebookDocumentV1 },
  { kind: "sealing_config", version: 1, schema: sealingConfigV1 },
  { kind: "snapshot", version: 1, schema: snapshotV1 },
  { kind: "staging_env", version: 1, schema: stagingEnvV1 },
  { kind: "story_map", version: 1, schema: storyMapV1 },
  { kind: "team_capacity", version: 1, schema: teamCapacityV1 },
  { kind: "telemetry_event", version: 1, schema: telemetryEventV1 },
  { kind: "trust_policy", version: 1, schema: trustPolicyV1 },
  { kind: "verification_findings", version: 1, schema: verificationFindingsV1 },
  { kind: "verification_summary", version: 1, schema: verificationSummaryV1 },
  { kind: "waiver_db", version: 1, schema: waiverDbV1 },
];
