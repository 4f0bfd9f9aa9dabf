import { routeArtifact, type RouteTable, toRouteSubject } from "@gov/hydration/routing";
import type { Artifact } from "@gov/schema";
import { type Command, InputError, type Outcome } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { findArtifact } from "../root/path-in-root.ts";
import { rootFlags } from "../root/locate-root.ts";
import { requireRoutes } from "../root/route-subjects.ts";
import { routeCheck } from "./route-check.ts";

/** Says where a document belongs, and why; without a document, does what `route check` does. */
export const route: Command = {
  usage: "[path-or-id]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov route", "gov route PLN-BE-2026-01-backlog"],
  async run(context, call) {
    const [word] = call.positionals;
    if (word === undefined) return routeCheck.run(context, call);
    const governed = await loadGoverned(context, call);
    const routes = requireRoutes(governed);
    const artifact = findArtifact(context, governed, word);
    if (artifact === null) throw new InputError("CLI_UNKNOWN_ARTIFACT", `No governed document has the path or id "${word}"`);
    return explainRoute(routes, artifact);
  },
};

function explainRoute(table: RouteTable, artifact: Artifact): Outcome {
  const result = routeArtifact(table, toRouteSubject(table, artifact));
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
