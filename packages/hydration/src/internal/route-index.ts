import type { CompiledRoute, RouteTable } from "../routing/compile-routes.ts";
import type { RouteSubject } from "../routing/route-subject.ts";

/** A route with its place in the table: the lower, the earlier. */
export interface RankedRoute {
  readonly rank: number;
  readonly route: CompiledRoute;
}

/** Which conditions a group of routes shares; an id is compared as a whole, by a prefix of some length, or not at all. */
interface Shape {
  readonly kind: boolean;
  readonly status: boolean;
  readonly id: "exact" | "any" | number;
  readonly tag: "key" | "value" | "any";
}

interface ShapeGroup {
  readonly shape: Shape;
  readonly routes: Map<string, RankedRoute[]>;
}

/** The routes of a table by the values of their conditions. */
export type RouteIndex = readonly ShapeGroup[];

/** A route with more combinations of alternatives than this is found by fewer of its conditions. */
const maxCombinations = 64;

const known = new WeakMap<RouteTable, RouteIndex>();

/**
 * The index of a table, made when it is first asked for: one hash table per set of conditions that routes use together, so that
 * finding the routes of an artifact costs one lookup per such set (and tag) instead of one comparison per route. This is the tuple
 * space search of packet classifiers (Srinivasan, Suri and Varghese, SIGCOMM 1999).
 */
export function routeIndex(table: RouteTable): RouteIndex {
  const found = known.get(table);
  if (found !== undefined) return found;
  const groups = new Map<string, ShapeGroup>();
  for (const [rank, route] of table.routes.entries()) {
    for (const { shape, key } of combinations(route)) {
      const name = JSON.stringify(shape);
      const group = groups.get(name) ?? { shape, routes: new Map<string, RankedRoute[]>() };
      groups.set(name, group);
      const routes = group.routes.get(key);
      if (routes === undefined) group.routes.set(key, [{ rank, route }]);
      else if (routes.at(-1)?.rank !== rank) routes.push({ rank, route });
    }
  }
  const index = [...groups.values()];
  known.set(table, index);
  return index;
}

/** Every route that may match a subject, in no order, some more than once; whether it does is the caller's question. */
export function possibleRoutes(index: RouteIndex, subject: RouteSubject): readonly RankedRoute[] {
  const result: RankedRoute[] = [];
  for (const { shape, routes } of index) {
    if (typeof shape.id === "number" && subject.id.length < shape.id) continue;
    const start = keyStart(shape, subject);
    if (shape.tag === "any") append(result, routes.get(start));
    else for (const tag of subject.tags) append(result, routes.get(start + (shape.tag === "key" ? tag.key : tagKey(tag))));
  }
  return result;
}

function append(result: RankedRoute[], found: readonly RankedRoute[] | undefined): void {
  if (found !== undefined) for (const route of found) result.push(route);
}

function keyStart(shape: Shape, { kind, status, id }: RouteSubject): string {
  const idPart = shape.id === "any" ? "" : shape.id === "exact" ? id : id.slice(0, shape.id);
  return `${shape.kind ? kind : ""}\n${shape.status ? (status ?? "") : ""}\n${idPart}\n`;
}

function tagKey({ key, value }: { readonly key: string; readonly value: string | null }): string {
  return `${key}:${value ?? ""}`;
}

interface Combination {
  readonly shape: Shape;
  readonly key: string;
}

function combinations(route: CompiledRoute): readonly Combination[] {
  const kinds = route.kinds && [...route.kinds];
  const statuses = route.statuses && [...route.statuses];
  let [kept, ids, tags] = [{ kinds, statuses }, route.ids, route.tags];
  const size = () => (kept.kinds?.length ?? 1) * (kept.statuses?.length ?? 1) * (ids?.length ?? 1) * (tags?.length ?? 1);
  // The longest list of alternatives says least about an artifact.
  while (size() > maxCombinations) {
    const longest = Math.max(kept.kinds?.length ?? 0, ids?.length ?? 0, tags?.length ?? 0);
    if (tags?.length === longest) tags = null;
    else if (ids?.length === longest) ids = null;
    else kept = { ...kept, kinds: null };
  }
  const starts = (kept.kinds ?? [null]).flatMap((kind) => (kept.statuses ?? [null]).map((status) => ({ kind, status })));
  return starts.flatMap(({ kind, status }) =>
    (ids ?? [null]).flatMap((id) =>
      (tags ?? [null]).map((tag): Combination => ({
        shape: {
          kind: kind !== null,
          status: status !== null,
          id: id === null ? "any" : id.prefix ? id.text.length : "exact",
          tag: tag === null ? "any" : tag.value === null ? "key" : "value",
        },
        key: `${kind ?? ""}\n${status ?? ""}\n${id?.text ?? ""}\n${tag === null ? "" : tag.value === null ? tag.key : tagKey(tag)}`,
      })),
    ),
  );
}
