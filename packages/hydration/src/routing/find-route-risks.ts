import type { Finding } from "@gov/schema";
import { describeSubject } from "../internal/describe-subject.ts";
import { fixedShape, mayMeet } from "../internal/place-shape.ts";
import { findMeeting, type Meeting } from "../internal/meeting-place.ts";
import { overrideRule } from "../internal/override-rule.ts";
import { positionOfOverride, positionOfRoute } from "../internal/rule-position.ts";
import { type PlaceSide, sidesOfOverride, sidesOfRoute } from "../internal/place-sides.ts";
import { secondReading } from "../internal/second-reading.ts";
import { witnessSubjects } from "../internal/witness-subjects.ts";
import type { RouteTable } from "./compile-routes.ts";
import { routeArtifact, type RouteTrace } from "./route-artifact.ts";
import type { RouteSubject } from "./route-subject.ts";

/** What can go wrong with a routing rule although no two routes disagree about one artifact, shown on concrete artifacts. */
export interface RouteRisk extends Finding {
  /**
   * `HYDRATION_ROUTE_UNREACHABLE`: no artifact that a route decides for can be sent to its place;
   * `HYDRATION_ROUTE_AMBIGUOUS`: a path of its pattern can be read in two ways, so two artifacts may stand at it;
   * `HYDRATION_ROUTE_SHARED`: two artifacts, of one rule or of two, may be sent to one path.
   */
  readonly code: "HYDRATION_ROUTE_UNREACHABLE" | "HYDRATION_ROUTE_AMBIGUOUS" | "HYDRATION_ROUTE_SHARED";
  /** Names of the rules concerned: ids of routes, `override` for an override. */
  readonly routes: readonly string[];
  /** The artifact that cannot be placed, or the two that would meet: route them and see. */
  readonly witnesses: readonly RouteSubject[];
}

/**
 * Finds routes that lead nowhere, patterns that can be read in two ways, and places that two artifacts of different ids would share
 * (RTE-02). Every report is true: its witnesses were routed. A place shared by the artifacts of one route is a note, for a layout
 * may mean to hold one artifact per cycle; {@link routeAll} refuses the artifacts that really meet. A shared place is searched with
 * every parameter free, among artifacts for which one rule decides alone ({@link findRouteConflicts} has the others); patterns that
 * repeat a parameter are searched one segment after the other.
 */
export function findRouteRisks(table: RouteTable): readonly RouteRisk[] {
  const places: Place[] = [
    ...table.routes.map((route) => placeOf(sidesOfRoute(table, route))),
    ...[...table.overrides].map((override) => placeOf(sidesOfOverride(table, override))),
  ].flatMap((place) => place ?? []);
  return [
    ...table.routes.flatMap((route) => unreachable(table, route) ?? []),
    ...places.flatMap((place) => ambiguous(table, place) ?? []),
    ...places.flatMap((place) => sharedBy(table, [place, place]) ?? []),
    ...places.flatMap((place, index) => places.slice(index + 1).flatMap((other) => sharedBy(table, [place, other]) ?? [])),
  ];
}

interface Place {
  readonly sides: readonly PlaceSide[];
  readonly first: PlaceSide;
  readonly shape: readonly string[];
}

function placeOf(sides: readonly PlaceSide[]): Place | null {
  const [first] = sides;
  return first === undefined ? null : { sides, first, shape: fixedShape(first.pattern) };
}

function unreachable(table: RouteTable, route: RouteTable["routes"][number]): RouteRisk | null {
  let first: { readonly witness: RouteSubject; readonly own: RouteTrace } | undefined;
  for (const witness of witnessSubjects(table, route)) {
    const own = routeArtifact(table, witness).trace.find((entry) => entry.route === route.id);
    // A route that is beaten for some artifacts and cannot be filled for the others leads nowhere just as well.
    if (own !== undefined && own.path !== null) return null;
    if (own?.verdict === "unfilled") first ??= { witness, own };
  }
  if (first === undefined) return null;
  return {
    ...positionOfRoute(table, route.id),
    code: "HYDRATION_ROUTE_UNREACHABLE",
    severity: "warning",
    message: `Route "${route.id}" leads nowhere: for ${describeSubject(first.witness)} ${first.own.reason}`,
    hint: "Change its conditions, or its path",
    routes: [route.id],
    witnesses: [first.witness],
  };
}

function ambiguous(table: RouteTable, { sides, first }: Place): RouteRisk | null {
  const meeting = secondReading(table, sides);
  if (meeting === null) return null;
  return {
    ...positionOf(table, first),
    code: "HYDRATION_ROUTE_AMBIGUOUS",
    severity: "warning",
    message: `"${first.pattern.text}" of ${first.name} can be read in two ways: ${describeMeeting(meeting)}`,
    hint: "Give each parameter a segment of its own",
    routes: [first.rule],
    witnesses: meeting.witnesses,
  };
}

function sharedBy(table: RouteTable, [a, b]: readonly [Place, Place]): RouteRisk | null {
  const isOne = a === b;
  if (isOne ? a.first.pattern.parameters.includes("id") : !mayMeet(a, b)) return null;
  const meeting = firstMeeting(table, [a, b]);
  if (meeting === null) return null;
  const who = isOne ? `${a.first.name} has one place for several artifacts` : `${a.first.name} and ${b.first.name} share a place`;
  return {
    ...positionOf(table, a.first),
    code: "HYDRATION_ROUTE_SHARED",
    severity: isOne ? "note" : "warning",
    message: `${who.slice(0, 1).toUpperCase()}${who.slice(1)}: ${describeMeeting(meeting)}`,
    hint: isOne
      ? "Nothing, where one artifact for each value of the parameters is meant; else put {id} into the path"
      : "Put {id} into the path, or give each rule a folder of its own",
    routes: isOne ? [a.first.rule] : [a.first.rule, b.first.rule],
    witnesses: meeting.witnesses,
  };
}

function firstMeeting(table: RouteTable, [a, b]: readonly [Place, Place]): Meeting | null {
  for (const left of a.sides) {
    for (const right of b.sides) {
      const meeting = findMeeting(table, left, right);
      if (meeting !== null) return meeting;
    }
  }
  return null;
}

function describeMeeting({ path, witnesses: [first, second] }: Meeting): string {
  return `${describeSubject(first)} and ${describeSubject(second)} are both sent to "${path}"`;
}

function positionOf(table: RouteTable, { rule, id }: PlaceSide): Pick<Finding, "path" | "line" | "column"> {
  return rule === overrideRule ? positionOfOverride(table, id.text) : positionOfRoute(table, rule);
}
