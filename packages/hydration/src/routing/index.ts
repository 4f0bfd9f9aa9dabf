/**
 * From metadata to place: deterministic routes, conflicts found before they bite.
 *
 * @packageDocumentation
 */
export { dryRunHydration, type HydrationDryRun, type HydrationInput, type Placement, type RuleVersion } from "../rollback/dry-run.ts";
export { planReapplication, type Reapplication, type ReapplicationStep } from "../rollback/plan-reapplication.ts";
export { planRuleRollback, type RuleRollback, type RuleRollbackStep } from "../rollback/plan-rule-rollback.ts";
export { type RuleChange } from "../rollback/rule-changes.ts";
export { checkRouting, type RoutingCheck } from "./check-routing.ts";
export { checkPlacement, type PlacedArtifact } from "./check-placement.ts";
export {
  builtInParameters,
  type CompiledRoute,
  compileRoutes,
  type CompileRoutesOptions,
  type IdCondition,
  layoutParameters,
  type RouteTable,
  type TagCondition,
} from "./compile-routes.ts";
export { findRouteConflicts, type RouteDefect } from "./find-route-conflicts.ts";
export { findRouteRisks, type RouteRisk } from "./find-route-risks.ts";
export { matchPath, type PathMatch } from "./match-path.ts";
export type { PathPattern, PatternPiece } from "./path-pattern.ts";
export { type PathCollision, routeAll, type RouteReport } from "./route-all.ts";
export { routeArtifact, type RouteResult, type RouteTrace } from "./route-artifact.ts";
export type { RouteSubject } from "./route-subject.ts";
export { type RoutableArtifact, toRouteSubject } from "./to-route-subject.ts";
