import type { Finding } from "@gov/schema";
import { topRoutes } from "../internal/matching-routes.ts";
import { describeSubject } from "../internal/describe-subject.ts";
import { positionOfRoute } from "../internal/rule-position.ts";
import { parameterValue } from "../internal/parameter-value.ts";
import { witnessSubjects } from "../internal/witness-subjects.ts";
import type { CompiledRoute, RouteTable } from "./compile-routes.ts";
import { fillPattern } from "./path-pattern.ts";
import { routeArtifact } from "./route-artifact.ts";
import type { RouteSubject } from "./route-subject.ts";

/** A defect of a routing rule, shown on a concrete artifact that would be misrouted. */
export interface RouteDefect extends Finding {
  readonly code: "HYDRATION_ROUTE_CONFLICT" | "HYDRATION_ROUTE_SHADOWED";
  /** Ids of the routes concerned: both sides of a conflict, or the one that never wins. */
  readonly routes: readonly string[];
  /** An artifact that shows the defect: route it and see. */
  readonly witness: RouteSubject;
}

/**
 * Finds, before any document is misrouted, every pair of routes of equal precedence that would send one artifact to two places, and
 * every route that can never win (RTE-02). Complete and exact: a pair is reported if and only if an artifact in conflict exists.
 */
export function findRouteConflicts(table: RouteTable): readonly RouteDefect[] {
  const conflicts = table.routes.flatMap((route, index) => {
    const rivals = table.routes.slice(index + 1).filter(({ precedence }) => precedence === route.precedence);
    return rivals.flatMap((rival) => conflictOf(table, [route, rival]) ?? []);
  });
  return [...conflicts, ...table.routes.flatMap((route) => shadowOf(table, route) ?? [])];
}

function conflictOf(table: RouteTable, pair: readonly [CompiledRoute, CompiledRoute]): RouteDefect | null {
  const [route, rival] = pair;
  for (const witness of witnessSubjects(table, pair)) {
    if (routeArtifact(table, witness).outcome !== "conflict" || !topRoutes(table, witness).includes(route)) continue;
    const [here, there] = pair.map(({ pattern }) => fillPattern(pattern, (name) => parameterValue(witness, name)).path) as [string, string];
    if (here === there) continue;
    return {
      ...positionOfRoute(table, route.id),
      code: "HYDRATION_ROUTE_CONFLICT",
      severity: "error",
      message: `Routes "${route.id}" and "${rival.id}" of precedence ${route.precedence} send ${describeSubject(witness)} to "${here}" and "${there}"`,
      hint: "Give one a higher precedence, or conditions that exclude the other",
      routes: [route.id, rival.id],
      witness,
    };
  }
  return null;
}

function shadowOf(table: RouteTable, route: CompiledRoute): RouteDefect | null {
  const witnesses = witnessSubjects(table, [route]);
  const wins = (subject: RouteSubject) => !table.overrides.has(subject.id) && topRoutes(table, subject).includes(route);
  const [witness] = witnesses;
  if (witness === undefined || witnesses.some(wins)) return null;
  const stronger = table.overrides.has(witness.id) ? "an override" : `"${String(topRoutes(table, witness)[0]?.id)}"`;
  return {
    ...positionOfRoute(table, route.id),
    code: "HYDRATION_ROUTE_SHADOWED",
    severity: "warning",
    message: `Route "${route.id}" never wins: ${stronger} decides for ${describeSubject(witness)}`,
    hint: "Raise its precedence, or remove it",
    routes: [route.id],
    witness,
  };
}
