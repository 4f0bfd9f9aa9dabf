import { type Digest, digestJson } from "@gov/schema/canonical";
import { compareCodeUnits } from "../internal/text-order.ts";
import type { CompiledRoute, RouteTable } from "../routing/compile-routes.ts";
import { routeArtifact, type RouteResult } from "../routing/route-artifact.ts";
import type { RouteSubject } from "../routing/route-subject.ts";

/** Where one artifact is effectively routed. */
export interface EffectiveRoute {
  /** Id of the artifact. */
  readonly artifact: string;
  readonly kind: string;
  readonly outcome: RouteResult["outcome"];
  /** The path it is sent to; null unless it is routed. */
  readonly to: string | null;
  /** Id of the route that decided, or `override`; null without a path. */
  readonly rule: string | null;
}

/** Where all artifacts are effectively routed, under which rules: what a baseline holds (RTE-04, B-32). */
export interface EffectiveRouting {
  /** Digest of the rules in force, whatever their order in the document. */
  readonly rules: Digest;
  /** By artifact id, by code unit; each id once. */
  readonly routes: readonly EffectiveRoute[];
}

/**
 * Resolves where the rules in force send each artifact now. The subjects are the selected artifacts, one per id; command routing
 * (`routing_matrix.json`) has no part in it (B-32).
 *
 * @throws TypeError when an id is given twice: select first.
 */
export function resolveEffectiveRouting(table: RouteTable, subjects: readonly RouteSubject[]): EffectiveRouting {
  const ids = new Set<string>();
  for (const { id } of subjects) {
    if (ids.has(id)) throw new TypeError(`Cannot resolve the routing of "${id}" twice: select one artifact per id first`);
    ids.add(id);
  }
  const routes = subjects.map((subject): EffectiveRoute => {
    const { outcome, path, rule } = routeArtifact(table, subject);
    return { artifact: subject.id, kind: subject.kind, outcome, to: path, rule };
  });
  return { rules: rulesDigest(table), routes: routes.sort((a, b) => compareCodeUnits(a.artifact, b.artifact)) };
}

function rulesDigest({ routes, overrides }: RouteTable): Digest {
  return digestJson({
    routes: routes.map(ruleValue),
    overrides: [...overrides].map(([artifact, { text }]) => [artifact, text]).sort(([a = ""], [b = ""]) => compareCodeUnits(a, b)),
  });
}

function ruleValue({ id, precedence, pattern, kinds, statuses, ids, tags }: CompiledRoute) {
  return {
    id,
    precedence,
    to: pattern.text,
    kinds: kinds && [...kinds].sort(),
    statuses: statuses && [...statuses].sort(),
    ids: ids && ids.map(({ text, prefix }) => (prefix ? `${text}*` : text)).sort(),
    tags: tags && tags.map(({ key, value }) => (value === null ? key : `${key}:${value}`)).sort(),
  };
}
