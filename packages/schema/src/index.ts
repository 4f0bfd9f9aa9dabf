/**
 * Any governed document, in any of its formats and versions, becomes one typed value or a list of precise issues.
 *
 * @packageDocumentation
 */
export { type Artifact, type ArtifactStatus, artifactStatuses, type DocumentFormat, type Reference, type Tag } from "./artifact.ts";
export { checkDocument, type CheckDocumentOptions, type CheckedDocument } from "./check/check-document.ts";
export { checkDocuments, type CheckDocumentsOptions, type CheckReport } from "./check/check-documents.ts";
export { crossCheck } from "./check/cross-check.ts";
export { parseArtifact } from "./check/parse-artifact.ts";
export { type DetectedKind, detectKinds } from "./config/detect-kinds.ts";
export {
  type ConfiguredKind,
  defaultDocuments,
  defaultRules,
  type GovConfig,
  type LogPlace,
  type RulebookSource,
} from "./config/gov-config.ts";
export { govConfigFiles, parseGovConfig } from "./config/parse-gov-config.ts";
export { registryFromConfig } from "./config/registry-from-config.ts";
export {
  isSchemaError,
  SchemaError,
  type SchemaErrorCode,
  schemaErrorCodes,
  type SchemaFindingCode,
  schemaFindingCodes,
} from "./errors.ts";
export { compareFindings, type Finding, type Position, type Result, severities, type Severity } from "./finding.ts";
export { type FindingSummary, summarizeFindings } from "./findings/summarize-findings.ts";
export { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";
export { type KindDefinition, type KindField, type KindFieldName, type ReferenceField } from "./kinds/kind-definition.ts";
export { createKindRegistry, type KindRegistry, type RegisteredKind } from "./kinds/kind-registry.ts";
export { type NormalizedTags, normalizeTags } from "./kinds/normalize-tags.ts";
export { type MigratedDocument, migrateDocument } from "./migrations/migrate-document.ts";
export { type MigrationPlan, type MigrationStep, planMigration, type PlanMigrationOptions } from "./migrations/plan-migration.ts";
export { type SchemaMigration } from "./migrations/schema-migration.ts";
export { schemaMigrations } from "./migrations/schema-migrations.ts";
export { compileGlobs, type PathMatcher } from "./paths/compile-globs.ts";
export { findPathCollisions } from "./paths/find-path-collisions.ts";
export { normalizePath } from "./paths/normalize-path.ts";
export { parseChecklist } from "./plan/parse-checklist.ts";
export { parsePlan, type ParsePlanOptions } from "./plan/parse-plan.ts";
export {
  type DocumentInput,
  type FrontMatterDialect,
  parseDocument,
  type ParseDocumentOptions,
  type ParsedDocument,
} from "./reading/parse-document.ts";
export { defaultReadLimits, type ReadLimits } from "./reading/read-limits.ts";
export { type CoverageSummary, parseCoverageSummary } from "./reports/coverage-summary.ts";
export { type OpenCriticalIssue, parseIssueList } from "./reports/issue-list.ts";
export { type ExtendedRulebook, resolveRulebook, type ResolveRulebookOptions, ruleKinds } from "./rulebook/resolve-rulebook.ts";
export { rulebookHash } from "./rulebook/rulebook-hash.ts";
export { thresholdsInForce } from "./rulebook/thresholds-in-force.ts";
export { type Rulebook } from "./rulebook/rulebook.ts";
export type {
  BacklogTask,
  BeBacklog,
  ChangeFreeze,
  ChecklistDocument,
  ContractSpec,
  DependencyContract,
  DependencyContracts,
  FeatureFlag,
  FeTask,
  FeTaskBreakdown,
  GateConfig,
  HandoffManifest,
  HydrationSpec,
  LifecycleState,
  MetadataSpec,
  PlanDocument,
  PlanPhase,
  PlanSection,
  PromotionSpec,
  RbacSpec,
  RouteSpec,
  RoutingSpec,
  RulebookSpec,
  SyncSpec,
} from "./rules.ts";
export { parseStoryMap, type ParseStoryMapOptions } from "./story-map/parse-story-map.ts";
export { type StoryMap, type StoryNode, type StorySection, storySections } from "./story-map/story-map.ts";
export { emitDigest } from "./wire/emit-digest.ts";
export { emitManifestWire } from "./wire/emit-manifest-wire.ts";
export { parseDigest } from "./wire/parse-digest.ts";
export { parseManifestWire } from "./wire/parse-manifest-wire.ts";
export {
  type DigestAction,
  type DigestContent,
  type DigestFigure,
  type DigestGateOutcome,
  type DigestMember,
  type DigestSection,
  type DigestShape,
  digestShapes,
  type WireDigest,
} from "./wire/wire-digest.ts";
export { type ManifestExtension, type ManifestShape, manifestShapes, type WireManifest } from "./wire/wire-manifest.ts";
export { compileUserSchema } from "./validate/compile-user-schema.ts";
export { type StandardSchema, type StandardSchemaIssue, type StandardSchemaResult } from "./validate/standard-schema.ts";
export { type SchemaIssue } from "./validate/schema-issue.ts";
export { shippedKinds, shippedVersions, validateKind, type ValidateKindOptions } from "./validate/validate-kind.ts";
export { checkWorkItems } from "./work-items/check-work-items.ts";
export { readWorkItems } from "./work-items/read-work-items.ts";
export { type WorkItem, workItemStatuses, workItemTypes } from "./work-items/work-item.ts";
export { datedId, type IdShape, idShapeOf, idShapes } from "./words/id-shape.ts";
export { addDuration, type Duration, parseDuration } from "./words/parse-duration.ts";
export { editFrontMatter, editYaml, type EditYamlOptions } from "./writing/edit-yaml.ts";
export { toJson } from "./writing/to-json.ts";
export { type YamlEdit } from "./writing/yaml-edit.ts";
export { readTraceTasks } from "./trace/read-trace-tasks.ts";
export { type Trace, type TraceKpi, type TraceRow, type TraceTask, traceTasks } from "./trace/trace-tasks.ts";
