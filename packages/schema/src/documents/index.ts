/**
 * The documents the field speaks of, one zod schema per kind and version. Only this entry loads zod.
 *
 * @packageDocumentation
 */
export { artifactMetadataV1 } from "./artifact-metadata-v1.ts";
export { artifactRoutingV1, routeMatchV1, routeV1 } from "./artifact-routing-v1.ts";
export { backlogTaskV1, beBacklogV1 } from "./be-backlog-v1.ts";
export { hydrationRulesV1 } from "./hydration-rules-v1.ts";
export { gateConfigV1, governanceRuleV1, lifecycleStates, rulebookV1 } from "./rulebook-v1.ts";
