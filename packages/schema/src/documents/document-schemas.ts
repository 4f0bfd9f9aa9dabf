import type { z } from "zod";
import { artifactMetadataV1 } from "./artifact-metadata-v1.ts";
import { artifactRoutingDocumentV1 } from "./artifact-routing-v1.ts";
import { artifactSchemaDocumentV1 } from "./artifact-schema-v1.ts";
import { artifactSyncRulesDocumentV1 } from "./artifact-sync-rules-v1.ts";
import { beBacklogV1 } from "./be-backlog-v1.ts";
import { dependencyContractsV1 } from "./dependency-contracts-v1.ts";
import { feTaskBreakdownV1 } from "./fe-task-breakdown-v1.ts";
import { frameworkContractDocumentV1 } from "./framework-contract-v1.ts";
import { govConfigV1 } from "./gov-config-v1.ts";
import { handoffManifestV1 } from "./handoff-manifest-v1.ts";
import { hydrationRulesDocumentV1 } from "./hydration-rules-v1.ts";
import { issueListV1 } from "./issue-list-v1.ts";
import { planningEventV1 } from "./planning-event-v1.ts";
import { promotionRulesDocumentV1 } from "./promotion-rules-v1.ts";
import { rbacPolicyDocumentV1 } from "./rbac-policy-v1.ts";
import { rulebookDocumentV1 } from "./rulebook-v1.ts";
import { storyMapV1 } from "./story-map-v1.ts";
import { telemetryEventV1 } from "./telemetry-event-v1.ts";

/** One version of one kind, as authored; `json/<kind>-v<version>.json` and the precompiled validator are generated from it. */
export interface DocumentSchema {
  readonly kind: string;
  readonly version: number;
  readonly schema: z.ZodType;
}

/** Every version of every kind that ships, by kind and version (SCH-07, SCH-17). */
export const documentSchemas: readonly DocumentSchema[] = [
  { kind: "artifact_metadata", version: 1, schema: artifactMetadataV1 },
  { kind: "artifact_routing", version: 1, schema: artifactRoutingDocumentV1 },
  { kind: "artifact_schema", version: 1, schema: artifactSchemaDocumentV1 },
  { kind: "artifact_sync_rules", version: 1, schema: artifactSyncRulesDocumentV1 },
  { kind: "be_backlog", version: 1, schema: beBacklogV1 },
  { kind: "dependency_contracts", version: 1, schema: dependencyContractsV1 },
  { kind: "fe_task_breakdown", version: 1, schema: feTaskBreakdownV1 },
  { kind: "framework_contract", version: 1, schema: frameworkContractDocumentV1 },
  { kind: "gov_config", version: 1, schema: govConfigV1 },
  { kind: "handoff_manifest", version: 1, schema: handoffManifestV1 },
  { kind: "hydration_rules", version: 1, schema: hydrationRulesDocumentV1 },
  { kind: "issue_list", version: 1, schema: issueListV1 },
  { kind: "planning_event", version: 1, schema: planningEventV1 },
  { kind: "promotion_rules", version: 1, schema: promotionRulesDocumentV1 },
  { kind: "rbac_policy", version: 1, schema: rbacPolicyDocumentV1 },
  { kind: "rulebook", version: 1, schema: rulebookDocumentV1 },
  { kind: "story_map", version: 1, schema: storyMapV1 },
  { kind: "telemetry_event", version: 1, schema: telemetryEventV1 },
];
