import type { Finding, Tag } from "@gov/schema";
import { matchingRoutes, topRoutes } from "../internal/matching-routes.ts";
import { describeSubject } from "../internal/describe-subject.ts";
import { positionOfRoute } from "../internal/rule-position.ts";
import { parameterValue } from "../internal/parameter-value.ts";
import { leastSubjects, leastTags, witnessSubjects } from "../internal/witness-subjects.ts";
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
  for (const subject of leastSubjects(table, pair)) {
    const [here, there] = pair.map((one) => placeOf(one, subject)) as [string | null, string | null];
    if (here === null || there === null || here === there) continue;
    const tags = harmlessTags(table, pair, subject);
    if (tags === null) continue;
    const witness = { ...subject, tags };
    if (routeArtifact(table, witness).outcome !== "conflict" || !topRoutes(table, witness).includes(route)) continue;
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

function placeOf({ pattern }: CompiledRoute, subject: RouteSubject): string | null {
  return fillPattern(pattern, (name) => parameterValue(subject, name)).path;
}

/**
 * Tags with which two routes decide for a subject, or null where there are none. What a tag spoils it spoils beside every other one, so each
 * route's is looked for alone.
 */
function harmlessTags(table: RouteTable, pair: readonly [CompiledRoute, CompiledRoute], subject: RouteSubject): readonly Tag[] | null {
  const { precedence } = pair[0];
  const isHarmless = (tag: Tag | null): boolean =>
    matchingRoutes(table, { ...subject, tags: leastTags([tag]) }).every(
      (match) => match.precedence < precedence || (match.precedence === precedence && placeOf(match, subject) !== null),
    );
  const found = pair.map(({ tags }) => (tags ?? [null]).find(isHarmless));
  return found.includes(undefined) ? null : leastTags(found as (Tag | null)[]);
}

function shadowOf(table: RouteTable, route: CompiledRoute): RouteDefect | null {
  let witness: RouteSubject | undefined;
  for (const subject of witnessSubjects(table, route)) {
    if (!table.overrides.has(subject.id) && topRoutes(table, subject).includes(route)) return null;
    witness ??= subject;
  }
  if (witness === undefined) return null;
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
