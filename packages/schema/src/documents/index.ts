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
export { artifactMetadataV1, embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
export { artifactRoutingDocumentV1, artifactRoutingV1, routeMatchV1, routeV1 } from "./artifact-routing-v1.ts";
export { artifactSchemaDocumentV1, artifactSchemaV1 } from "./artifact-schema-v1.ts";
export { artifactSyncRulesDocumentV1, artifactSyncRulesV1, recoverySteps, writeModes } from "./artifact-sync-rules-v1.ts";
export { backlogTaskV1, beBacklogV1 } from "./be-backlog-v1.ts";
export { contractStates, dependencyContractsV1, dependencyContractV1 } from "./dependency-contracts-v1.ts";
export { type DocumentSchema, documentSchemas } from "./document-schemas.ts";
export { cycleIdV1, dateOrTimestampV1, idV1, sha256V1, timestampV1 } from "./document-text.ts";
export { feTaskBreakdownV1, feTaskV1 } from "./fe-task-breakdown-v1.ts";
export { frameworkContractDocumentV1, frameworkContractV1 } from "./framework-contract-v1.ts";
export { govConfigV1, kindConfigV1 } from "./gov-config-v1.ts";
export { gateOutcomes, handoffManifestV1 } from "./handoff-manifest-v1.ts";
export { hydrationRulesDocumentV1, hydrationRulesV1 } from "./hydration-rules-v1.ts";
export { issueListV1, issueSeverities, issueV1 } from "./issue-list-v1.ts";
export { lifecycleEvents, planningEventV1 } from "./planning-event-v1.ts";
export { promotionRulesDocumentV1, promotionRulesV1, rollbackSteps, rollbackTriggers } from "./promotion-rules-v1.ts";
export { rbacPolicyDocumentV1, rbacPolicyV1 } from "./rbac-policy-v1.ts";
export { ruleDocument } from "./rule-document.ts";
export { gateConfigV1, governanceRuleV1, lifecycleStates, rulebookDocumentV1, rulebookV1 } from "./rulebook-v1.ts";
export { storyMapV1 } from "./story-map-v1.ts";
export { telemetryEventV1 } from "./telemetry-event-v1.ts";
