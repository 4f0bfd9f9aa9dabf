import { type ArtifactStatus, artifactStatuses, type Tag } from "@gov/schema";
import type { CompiledRoute, IdCondition, RouteTable } from "../routing/compile-routes.ts";
import type { PathPattern } from "../routing/path-pattern.ts";
import { routeArtifact } from "../routing/route-artifact.ts";
import type { RouteSubject } from "../routing/route-subject.ts";
import { overrideRule } from "./override-rule.ts";
import { freshText, leastParameters } from "./fresh-text.ts";

/** One way of being sent somewhere by a rule: metadata that are fixed, and metadata that are still open (null). */
export interface PlaceSide {
  /** Id of the route, or `override`. */
  readonly rule: string;
  /** What a reader calls the rule. */
  readonly name: string;
  readonly pattern: PathPattern;
  readonly kind: string | null;
  readonly status: ArtifactStatus | null;
  /** A prefix stands for all ids that begin with it. */
  readonly id: IdCondition;
  readonly tags: readonly Tag[];
}

/** Every way in which a route decides for an artifact; none when something stronger always decides, or it cannot be filled. */
export function sidesOfRoute(table: RouteTable, route: CompiledRoute): readonly PlaceSide[] {
  const kinds = route.kinds === null ? [null] : [...route.kinds];
  const statuses = route.statuses === null ? [...artifactStatuses, null] : artifactStatuses.filter((status) => route.statuses?.has(status));
  const ids = (route.ids ?? [{ text: "", prefix: true }]).flatMap(withoutTail);
  const tagSets = route.tags === null ? [[]] : route.tags.map((tag) => [tag]);
  const sides = kinds.flatMap((kind) =>
    statuses.flatMap((status) =>
      ids.flatMap((id) =>
        tagSets.map((tags) => ({ rule: route.id, name: `route "${route.id}"`, pattern: route.pattern, kind, status, id, tags })),
      ),
    ),
  );
  return sides.filter((side) => decides(table, side, subjectOf(table, side)));
}

/** Every way in which an override decides for its artifact. */
export function sidesOfOverride(table: RouteTable, [artifact, pattern]: readonly [string, PathPattern]): readonly PlaceSide[] {
  return [...artifactStatuses, null]
    .map((status): PlaceSide => ({
      rule: overrideRule,
      name: `the override of "${artifact}"`,
      pattern,
      kind: null,
      status,
      id: { text: artifact, prefix: false },
      tags: [],
    }))
    .filter((side) => decides(table, side, subjectOf(table, side)));
}

/** True when the rule of a side is the one that decides for a subject. */
export function decides(table: RouteTable, side: PlaceSide, subject: RouteSubject): boolean {
  const { outcome, trace } = routeArtifact(table, subject);
  return outcome === "routed" && trace.some(({ route, verdict }) => verdict === "won" && route === side.rule);
}

/** The least artifact of a side, with the given values for what is open; `mark` keeps artifacts of one side apart. */
export function subjectOf(
  table: RouteTable,
  side: PlaceSide,
  options: { readonly values?: ReadonlyMap<string, string> | undefined; readonly mark?: string | undefined } = {},
): RouteSubject {
  const { values = new Map<string, string>(), mark = "i" } = options;
  const fresh = freshText(table);
  const given = Object.fromEntries([...values].filter(([name]) => name !== "id" && name !== "kind" && name !== "status"));
  const open = side.id.prefix ? `${side.id.text}${fresh}${mark}${fresh}` : side.id.text;
  return {
    id: values.get("id") ?? open,
    kind: side.kind ?? values.get("kind") ?? `${fresh}k${fresh}`,
    status: side.status,
    tags: side.tags,
    parameters: { ...leastParameters(table), ...given },
  };
}

/** A prefix is itself an id that begins with it, which no text of at least one character after it shows. */
function withoutTail(id: IdCondition): readonly IdCondition[] {
  return id.prefix && id.text !== "" ? [id, { text: id.text, prefix: false }] : [id];
}
