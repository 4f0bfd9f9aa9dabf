import { type RouteSubject, type RouteTable, toRouteSubject } from "@gov/hydration/routing";
import type { Artifact } from "@gov/schema";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { type Governed, selectArtifacts } from "./load-governed.ts";

/** The routes in force; a root without any cannot say where something belongs. */
export function requireRoutes({ rules }: Governed): RouteTable {
  if (rules.routeErrors.length > 0)
    throw new InputError("CLI_ROUTES_UNUSABLE", "Cannot use the routes of the approved artifact_routing document", {
      findings: rules.routeErrors,
      hint: "gov route rollback leads back to the last that could be used",
    });
  if (rules.routes === null)
    throw new InputError("CLI_NO_ROUTES", "No approved artifact_routing document defines routes", {
      hint: "gov init writes one to start from",
    });
  return rules.routes;
}

/** The selected document of each id. */
export async function selectedArtifacts(context: Context, governed: Governed): Promise<readonly Artifact[]> {
  const selections = await selectArtifacts(context, governed);
  const winners = new Set([...selections.values()].flatMap(({ winner }) => (winner === null ? [] : [winner.path])));
  return governed.documents.artifacts.filter(({ path }) => winners.has(path));
}

/** The selected document of each id, as routing sees it. */
export async function routeSubjects(context: Context, governed: Governed, routes: RouteTable): Promise<readonly RouteSubject[]> {
  return (await selectedArtifacts(context, governed)).map((artifact) => toRouteSubject(routes, artifact));
}
