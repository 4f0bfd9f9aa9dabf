import { checkRouting } from "@gov/hydration/routing";
import type { Block, Command } from "../command.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/open-root.ts";
import { requireRoutes, routeSubjects } from "../root/route-subjects.ts";
import { checkRoutingMatrix } from "../root/routing-matrix.ts";

/** Analyses the routes in force before they misroute anything, and tries them on the documents there are; changes nothing. */
export const routeCheck: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov route check", "gov route check governance --format json"],
  async run(context, call) {
    const governed = await loadGoverned(context, call, call.positionals[0]);
    const { routeErrors } = governed.rules;
    if (routeErrors.length > 0)
      return { data: { routes: null }, findings: routeErrors, view: [verdict("The routes cannot be used", routeErrors)] };
    const routes = requireRoutes(governed);
    const { defects, risks, routed, findings, event } = checkRouting(routes, await routeSubjects(context, governed, routes));
    const all = [...findings, ...(await checkRoutingMatrix(context, governed.root))];
    return {
      data: {
        routes: routes.routes.map(({ id }) => id),
        overrides: [...routes.overrides.keys()],
        routed: routed.results.filter(({ outcome }) => outcome === "routed").length,
        defects,
        risks,
        collisions: routed.collisions,
        events: [event],
      },
      findings: all,
      view: [verdict(`${routes.routes.length} routes, ${routes.overrides.size} overrides`, all)],
    };
  },
};

function verdict(count: string, findings: readonly { readonly severity: string }[]): Block {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  if (errors + warnings === 0) return { type: "line", mark: "pass", text: `${count}: no two lead one document to different places` };
  return { type: "line", mark: errors > 0 ? "fail" : "warn", text: `${count}: ${errors} errors, ${warnings} warnings` };
}
