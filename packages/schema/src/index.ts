/**
 * Any governed document, in any of its formats and versions, becomes one typed value or a list of precise issues.
 *
 * @packageDocumentation
 */
export { type Artifact, type ArtifactStatus, artifactStatuses, type DocumentFormat, type Reference, type Tag } from "./artifact.ts";
export { compareFindings, type Finding, type Position, type Result, severities, type Severity } from "./finding.ts";
export { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";
export type { BacklogTask, BeBacklog, GateConfig, HydrationSpec, LifecycleState, RouteSpec, RoutingSpec, RulebookSpec } from "./rules.ts";
