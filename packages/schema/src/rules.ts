import type { z } from "zod";
import type { artifactRoutingV1, routeV1 } from "./documents/artifact-routing-v1.ts";
import type { backlogTaskV1, beBacklogV1 } from "./documents/be-backlog-v1.ts";
import type { hydrationRulesV1 } from "./documents/hydration-rules-v1.ts";
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
/** One of the six states of a planning cycle. */
export type LifecycleState = (typeof lifecycleStates)[number];
/** The content of `be_backlog.yaml`. */
export type BeBacklog = z.output<typeof beBacklogV1>;
/** One task of a {@link BeBacklog}. */
export type BacklogTask = z.output<typeof backlogTaskV1>;
