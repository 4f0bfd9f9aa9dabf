import { type Artifact, isJsonObject, type JsonValue } from "@gov/schema";
import { matchPattern } from "../internal/match-pattern.ts";
import { topRoutes } from "../internal/matching-routes.ts";
import type { RouteTable } from "./compile-routes.ts";
import { matchPath } from "./match-path.ts";
import type { RouteSubject } from "./route-subject.ts";

/** What routing needs to know of a document: its metadata, where it stands, and the data its parameters are read from. */
export type RoutableArtifact = Pick<Artifact, "id" | "kind" | "status" | "tags" | "path" | "data">;

/**
 * Makes what routing looks at from a document. A parameter such as `{cycle_id}` is the text of that name in its metadata; one that
 * the metadata does not name is read off the document's own place, by the rule that decides for it if the place has its form, else
 * by the first route whose form it has. Nothing else is guessed: a parameter that neither gives stays unfilled.
 *
 * @example The cycle of a backlog, from its metadata
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileRoutes, routeArtifact, toRouteSubject } from "@gov/hydration/routing";
 *
 * const table = compileRoutes({ routes: [{ id: "plans", match: { kind: "plan" }, to: "plans/{cycle_id}.md", precedence: 0 }], overrides: [] });
 * assert(table.ok);
 * const artifact = { id: "P-1", kind: "plan", status: "draft", tags: [], path: "inbox/p.md", data: { cycle_id: "2024-01" } };
 * assert.equal(routeArtifact(table.value, toRouteSubject(table.value, artifact)).path, "plans/2024-01.md");
 * ```
 */
export function toRouteSubject(table: RouteTable, artifact: RoutableArtifact): RouteSubject {
  const { id, kind, status, tags, data } = artifact;
  return { id, kind, status, tags, parameters: Object.fromEntries([...ownPlace(table, artifact), ...texts(data)]) };
}

function ownPlace(table: RouteTable, artifact: RoutableArtifact): ReadonlyMap<string, string> {
  const override = table.overrides.get(artifact.id);
  const deciding = override === undefined ? topRoutes(table, artifact).map(({ pattern }) => pattern) : [override];
  for (const pattern of deciding) {
    const parameters = matchPattern(pattern, artifact.path, new Map());
    if (parameters !== null) return parameters;
  }
  return matchPath(table, artifact.path)[0]?.parameters ?? new Map();
}

/** The members of the metadata that are text; where the document embeds its metadata, of those. */
function texts(data: JsonValue): readonly (readonly [name: string, value: string])[] {
  if (!isJsonObject(data)) return [];
  const { metadata } = data;
  const embedded = Object.hasOwn(data, "metadata") && metadata !== undefined && isJsonObject(metadata) ? metadata : data;
  return Object.entries(embedded).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : []));
}
