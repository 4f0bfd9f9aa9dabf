import type { Finding } from "@gov/schema";
import type { RouteTable } from "../routing/compile-routes.ts";

type Place = Pick<Finding, "path" | "line" | "column">;

/** Where a route stands in the rule document, as far as that is known. */
export function positionOfRoute({ path, positions }: RouteTable, id: string): Place {
  return { path, ...(positions.routes.get(id) ?? nowhere) };
}

/** Where the override of an artifact stands in the rule document, as far as that is known. */
export function positionOfOverride({ path, positions }: RouteTable, artifact: string): Place {
  return { path, ...(positions.overrides.get(artifact) ?? nowhere) };
}

const nowhere = { line: null, column: null };
