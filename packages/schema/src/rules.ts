import type { z } from "zod";
import type { artifactRoutingV1, routeV1 } from "./documents/artifact-routing-v1.ts";
import type { artifactSchemaV1 } from "./documents/artifact-schema-v1.ts";
import type { artifactSyncRulesV1 } from "./documents/artifact-sync-rules-v1.ts";
import type { backlogTaskV1, beBacklogV1 } from "./documents/be-backlog-v1.ts";
import type { checklistV1 } from "./documents/checklist-v1.ts";
import type { dependencyContractsV1, dependencyContractV1 } from "./documents/dependency-contracts-v1.ts";
import type { featureFlagV1 } from "./documents/feature-flags-v1.ts";
import type { changeFreezeV1 } from "./documents/freeze-calendar-v1.ts";
import type { feTaskBreakdownV1, feTaskV1 } from "./documents/fe-task-breakdown-v1.ts";
import type { frameworkContractV1 } from "./documents/framework-contract-v1.ts";
import type { handoffManifestC11V1 } from "./documents/handoff-manifest-c11-v1.ts";
import type { handoffManifestC22FlatV1 } from "./documents/handoff-manifest-c22-flat-v1.ts";
import type { handoffManifestC22V1 } from "./documents/handoff-manifest-c22-v1.ts";
import type { handoffManifestV1 } from "./documents/handoff-manifest-v1.ts";
import type { hydrationRulesV1 } from "./documents/hydration-rules-v1.ts";
import type { planV1 } from "./documents/plan-v1.ts";
import type { promotionRulesV1 } from "./documents/promotion-rules-v1.ts";
import type { rbacPolicyV1 } from "./documents/rbac-policy-v1.ts";
import type { gateConfigV1, lifecycleStates, rulebookV1 } from "./documents/rulebook-v1.ts";

/** Where artifacts belong: the `spec` of `artifact_routing.mdc`. */
export type RoutingSpec = z.output<typeof artifactRoutingV1>;
/** One route of a {@link RoutingSpec}. */
export type RouteSpec = z.output<typeof routeV1>;
/** Which candidate wins: the `spec` of `hydration_rules.mdc`. */
export type HydrationSpec = z.output<typeof hydrationRulesV1>;
/** A gate as configured in a rulebook. */
export type GateConfig = z.output<typeof gateConfigV1>;
/** The content of `rulebook.yaml`. */
export type RulebookSpec = z.output<typeof rulebookV1>;
/** One switch of `feature_flags.yaml`. */
export type FeatureFlag = z.output<typeof featureFlagV1>;
/** One entry of `freeze_calendar.yaml`: a time in which nothing may change. */
export type ChangeFreeze = z.output<typeof changeFreezeV1>;
/** One of the six states of a planning cycle. */
export type LifecycleState = (typeof lifecycleStates)[number];
/** The content of `be_backlog.yaml`. */
export type BeBacklog = z.output<typeof beBacklogV1>;
/** One task of a {@link BeBacklog}. */
export type BacklogTask = z.output<typeof backlogTaskV1>;
/** The metadata rules: the `spec` of `artifact_schema.mdc`. */
export type MetadataSpec = z.output<typeof artifactSchemaV1>;
/** How the index is written and recovered: the `spec` of `artifact_sync_rules.mdc`. */
export type SyncSpec = z.output<typeof artifactSyncRulesV1>;
/** What a framework allows: the `spec` of `framework_contract_framework1.mdc`. */
export type ContractSpec = z.output<typeof frameworkContractV1>;
/** How snapshots are signed, kept and rolled back: the `spec` of `promotion_rules.mdc`. */
export type PromotionSpec = z.output<typeof promotionRulesV1>;
/** Who may do what: the content of `rbac_policy.yaml`. */
export type RbacSpec = z.output<typeof rbacPolicyV1>;
/** The content of `dependency_contracts.yaml`. */
export type DependencyContracts = z.output<typeof dependencyContractsV1>;
/** One contract of {@link DependencyContracts}. */
export type DependencyContract = z.output<typeof dependencyContractV1>;
/** The content of `fe_task_breakdown.yaml`. */
export type FeTaskBreakdown = z.output<typeof feTaskBreakdownV1>;
/** One work item of a {@link FeTaskBreakdown}. */
export type FeTask = z.output<typeof feTaskV1>;
/** The content of `handoff_manifest.yaml` in the c33 shape. */
export type HandoffManifest = z.output<typeof handoffManifestV1>;
/** The content of `handoff_manifest.yaml` in the c11 shape. */
export type HandoffManifestC11 = z.output<typeof handoffManifestC11V1>;
/** The content of `handoff_manifest.yaml` in the nested c22 shape. */
export type HandoffManifestC22 = z.output<typeof handoffManifestC22V1>;
/** The content of `handoff_manifest.yaml` in the flat c22 shape. */
export type HandoffManifestC22Flat = z.output<typeof handoffManifestC22FlatV1>;
/** A plan in Markdown, read: the content of the kind `plan`. */
export type PlanDocument = z.output<typeof planV1>;
/** One of the eight sections of a {@link PlanDocument}. */
export type PlanSection = PlanDocument["sections"][number]["section"];
/** One phase of a {@link PlanDocument}. */
export type PlanPhase = PlanDocument["phases"][number];
/** A plan of checkboxes, read: the content of the kind `checklist`. */
export type ChecklistDocument = z.output<typeof checklistV1>;
