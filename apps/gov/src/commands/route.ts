import { findRouteConflicts, matchPath, routeArtifact, type RouteTable } from "@gov/hydration/routing";
import { type Artifact, isJsonObject } from "@gov/schema";
import { type Block, type Command, InputError, type Outcome } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { findArtifact } from "../root/path-in-root.ts";
import { rootFlags } from "../root/open-root.ts";

/** Says where a document belongs, and why; without a document, finds routes that conflict or never win. */
export const route: Command = {
  usage: "[path-or-id]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov route", "gov route PLN-BE-2026-01-backlog"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    const { routes } = governed.rules;
    if (routes === null) throw new InputError("CLI_NO_ROUTES", "No approved artifact_routing document defines routes");
    const [word] = call.positionals;
    if (word === undefined) return analyse(routes);
    const artifact = findArtifact(context, governed, word);
    if (artifact === null) throw new InputError("CLI_UNKNOWN_ARTIFACT", `No governed document has the path or id "${word}"`);
    return explainRoute(routes, artifact);
  },
};

function analyse(table: RouteTable): Outcome {
  const conflicts = findRouteConflicts(table);
  const count = `${table.routes.length} routes, ${table.overrides.size} overrides`;
  return {
    data: { routes: table.routes.map(({ id }) => id), conflicts },
    findings: conflicts,
    view: [
      conflicts.length === 0
        ? { type: "line", mark: "pass", text: `${count}: no two lead one document to different places` }
        : { type: "line", mark: "fail", text: `${count}: ${conflicts.length} defects` },
      ...conflicts.map((defect): Block => ({
        type: "lines",
        lines: [`${defect.routes.join(" and ")}: for example ${JSON.stringify(defect.witness)}`],
      })),
    ],
  };
}

function explainRoute(table: RouteTable, artifact: Artifact): Outcome {
  // A document's own place fills the parameters that its metadata does not name.
  const ownPlace = matchPath(table, artifact.path).flatMap((match) => [...match.parameters]);
  const parameters = Object.fromEntries([...ownPlace, ...metadataTexts(artifact)]);
  const result = routeArtifact(table, { ...artifact, parameters });
  const isHome = result.path === artifact.path;
  return {
    data: { artifact: artifact.path, outcome: result.outcome, to: result.path, rule: result.rule, trace: result.trace },
    findings: result.findings,
    exitCode: result.outcome === "routed" ? undefined : exitCodes.findings,
    view: [
      {
        type: "line",
        mark: isHome ? "pass" : result.outcome === "conflict" ? "fail" : "warn",
        text: `${artifact.path} ${isHome ? "stands where it belongs" : result.path === null ? `has no place: ${result.outcome}` : `belongs at ${result.path}`}`,
      },
      { type: "lines", lines: result.trace.map(({ route: name, verdict, reason }) => `${verdict} ${name}: ${reason}`) },
    ],
  };
}

/** The fields of the embedded metadata that are text, such as `cycle_id`. */
function metadataTexts({ data }: Artifact): readonly (readonly [name: string, value: string])[] {
  if (!isJsonObject(data)) return [];
  const embedded = Object.hasOwn(data, "metadata") && isJsonObject(data["metadata"]) ? data["metadata"] : data;
  return Object.entries(embedded).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : []));
}
