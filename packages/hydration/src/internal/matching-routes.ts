import type { CompiledRoute, IdCondition, RouteTable, TagCondition } from "../routing/compile-routes.ts";
import type { RouteSubject } from "../routing/route-subject.ts";
import { possibleRoutes, type RankedRoute, routeIndex } from "./route-index.ts";

/** Every route whose conditions all hold, in the order of the table: highest precedence first. */
export function matchingRoutes(table: RouteTable, subject: RouteSubject): readonly CompiledRoute[] {
  const found = possibleRoutes(routeIndex(table), subject).filter(({ route }) => matches(route, subject));
  if (found.length <= 1) return found.map(({ route }) => route);
  return withoutRepetition(found).map(({ route }) => route);
}

function withoutRepetition(found: RankedRoute[]): readonly RankedRoute[] {
  found.sort((a, b) => a.rank - b.rank);
  return found.filter(({ rank }, index) => rank !== found[index - 1]?.rank);
}

/** Every matching route of the highest precedence among them. */
export function topRoutes(table: RouteTable, subject: RouteSubject): readonly CompiledRoute[] {
  const matching = matchingRoutes(table, subject);
  return matching.filter(({ precedence }) => precedence === matching[0]?.precedence);
}

/** True when all conditions of a route hold for a subject. */
export function matches(route: CompiledRoute, subject: RouteSubject): boolean {
  if (route.kinds !== null && !route.kinds.has(subject.kind)) return false;
  if (route.statuses !== null && (subject.status === null || !route.statuses.has(subject.status))) return false;
  if (route.ids !== null && !route.ids.some((condition) => holdsForId(condition, subject.id))) return false;
  return route.tags === null || route.tags.some((condition) => subject.tags.some((tag) => holdsForTag(condition, tag)));
}

/** True when an id satisfies a condition. */
function holdsForId({ text, prefix }: IdCondition, id: string): boolean {
  return prefix ? id.startsWith(text) : id === text;
}

function holdsForTag(condition: TagCondition, tag: TagCondition): boolean {
  return condition.key === tag.key && (condition.value === null || condition.value === tag.value);
}
