import type { Artifact, Finding } from "@gov/schema";
import { topRoutes } from "../internal/matching-routes.ts";
import { matchPattern } from "../internal/match-pattern.ts";
import type { RouteTable } from "./compile-routes.ts";
import { describePattern, type PathPattern } from "./path-pattern.ts";

/** What placement looks at: the metadata, and where the artifact stands. */
export type PlacedArtifact = Pick<Artifact, "id" | "kind" | "status" | "tags" | "path">;

/**
 * Reports an artifact that stands elsewhere than its override or its routes of highest precedence say (`HYDRATION_MISPLACED`).
 * Parameters that metadata does not give may have any value; an artifact that no route concerns stands right anywhere.
 */
export function checkPlacement(table: RouteTable, artifact: PlacedArtifact): readonly Finding[] {
  const override = table.overrides.get(artifact.id);
  const rules = override === undefined ? topRoutes(table, artifact) : [{ id: "override", pattern: override }];
  if (rules.length === 0 || rules.some(({ pattern }) => standsAt(pattern, artifact))) return [];
  const places = rules.map(({ pattern }) => describePattern(pattern, metadataOf(artifact)));
  return [
    {
      code: "HYDRATION_MISPLACED",
      severity: "error",
      message: `"${artifact.path}" stands elsewhere than ${rules.map(({ id }) => `"${id}"`).join(" and ")} ${rules.length === 1 ? "says" : "say"}`,
      path: artifact.path,
      line: null,
      column: null,
      expected: places.join(" or "),
      hint: `Move it to ${places.join(" or ")}, or change the routing rule`,
    },
  ];
}

function standsAt(pattern: PathPattern, artifact: PlacedArtifact): boolean {
  // Without a status no place is right for a pattern that asks for one.
  if (artifact.status === null && pattern.parameters.includes("status")) return false;
  return matchPattern(pattern, artifact.path, metadataOf(artifact)) !== null;
}

function metadataOf({ id, kind, status }: PlacedArtifact): ReadonlyMap<string, string> {
  return new Map([["id", id], ["kind", kind], ...(status === null ? [] : ([["status", status]] as const))]);
}
