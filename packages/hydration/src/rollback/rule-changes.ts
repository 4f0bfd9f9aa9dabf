import type { HydrationSpec, JsonValue, RouteSpec, RoutingSpec } from "@gov/schema";
import { stableJson } from "@gov/schema/canonical";
import { compareCodeUnits } from "../internal/text-order.ts";
import type { RuleVersion } from "./dry-run.ts";

type Override = RoutingSpec["overrides"][number];

/** One difference between two versions of the rules, small enough to be applied alone; null stands for absent. */
export type RuleChange =
  | { readonly part: "hydration"; readonly name: "hydration"; readonly before: HydrationSpec; readonly after: HydrationSpec }
  | { readonly part: "route"; readonly name: string; readonly before: RouteSpec | null; readonly after: RouteSpec | null }
  | { readonly part: "override"; readonly name: string; readonly before: Override | null; readonly after: Override | null };

type Rules = Pick<RuleVersion, "routing" | "hydration">;

/** Every difference that leads from one version of the rules to another: selection first, then routes and overrides by name. */
export function ruleChanges(from: Rules, to: Rules): readonly RuleChange[] {
  const changes: RuleChange[] = [];
  if (!isSame(from.hydration, to.hydration)) {
    changes.push({ part: "hydration", name: "hydration", before: from.hydration, after: to.hydration });
  }
  const routes = pair(from.routing.routes, to.routing.routes, ({ id }) => id);
  for (const { name, before, after } of routes) changes.push({ part: "route", name, before, after });
  const overrides = pair(from.routing.overrides, to.routing.overrides, ({ artifact }) => artifact);
  for (const { name, before, after } of overrides) changes.push({ part: "override", name, before, after });
  return changes;
}

/** The rules with one change applied; the arguments are left alone. */
export function applyRuleChange<T extends Rules>(rules: T, change: RuleChange): T {
  const { routing } = rules;
  switch (change.part) {
    case "hydration":
      return { ...rules, hydration: change.after };
    case "route":
      return { ...rules, routing: { ...routing, routes: replace(routing.routes, change, ({ id }) => id) } };
    case "override":
      return { ...rules, routing: { ...routing, overrides: replace(routing.overrides, change, ({ artifact }) => artifact) } };
  }
}

interface Pair<T> {
  readonly name: string;
  readonly before: T | null;
  readonly after: T | null;
}

// Of several rules with one name the last one counts here; such rules cannot be compiled and are refused before they are applied.
function pair<T>(from: readonly T[], to: readonly T[], nameOf: (item: T) => string): readonly Pair<T>[] {
  const before = new Map(from.map((item) => [nameOf(item), item]));
  const after = new Map(to.map((item) => [nameOf(item), item]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort(compareCodeUnits)
    .map((name) => ({ name, before: before.get(name) ?? null, after: after.get(name) ?? null }))
    .filter((entry) => !isSame(entry.before, entry.after));
}

function replace<T>(items: readonly T[], change: Pair<T>, nameOf: (item: T) => string): T[] {
  const others = items.filter((item) => nameOf(item) !== change.name);
  return change.after === null ? others : [...others, change.after];
}

// Rules that are refused may hold what has no canonical form.
function isSame(a: unknown, b: unknown): boolean {
  return stableJson(a as JsonValue) === stableJson(b as JsonValue);
}
