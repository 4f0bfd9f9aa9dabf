import type { EvidencePorts } from "@gov/gates";
import { selectAll, sentinelInputs } from "@gov/hydration";
import { findRouteConflicts, routeAll, toRouteSubject } from "@gov/hydration/routing";
import type { Context } from "../context.ts";
import { lifecycleStates } from "./framework-report.ts";
import { candidatesOf, type Governed } from "./load-governed.ts";
import { selectedArtifacts } from "./route-subjects.ts";

/**
 * What gates judge of selection, routing and the framework: the choice of each id in many orders, the documents and rules that are
 * claimed by several routes, the contract with the states and gates in force. What is not there has no port, and its gates fail.
 */
export function hydrationPorts(context: Context, governed: Governed): Pick<EvidencePorts, "framework" | "hydration" | "routing"> {
  const { routes, rulebook } = governed.rules;
  const { contract } = rulebook;
  return {
    hydration: async () => ({ value: await choices(context, governed), sources: [] }),
    ...(routes !== null && {
      routing: async () => {
        const artifacts = await selectedArtifacts(context, governed);
        const { results } = routeAll(
          routes,
          artifacts.map((artifact) => toRouteSubject(routes, artifact)),
        );
        const claimed = results.flatMap(({ outcome, trace }, index) =>
          outcome === "conflict" ? [{ path: artifacts[index]?.path ?? "", routes: trace.map(({ route }) => route) }] : [],
        );
        const rules = findRouteConflicts(routes)
          .filter(({ code }) => code === "HYDRATION_ROUTE_CONFLICT")
          .map((defect) => ({ path: routes.path ?? "", routes: defect.routes }));
        const routed = results.filter(({ outcome }) => outcome === "routed").length;
        return { value: { routed, conflicts: [...rules, ...claimed] }, sources: [] };
      },
    }),
    ...(contract !== null && {
      framework: async () => ({ value: { contract, states: lifecycleStates(governed), gates: rulebook.gates }, sources: [] }),
    }),
  };
}

async function choices(
  context: Context,
  governed: Governed,
): Promise<readonly { readonly id: string; readonly choices: readonly string[] }[]> {
  const inputs = sentinelInputs(await candidatesOf(context, governed), { seed: 1, shuffles: 3 });
  const runs = inputs.map(({ candidates }) => selectAll(candidates, governed.rules.rulebook.hydration));
  const ids = [...(runs[0]?.keys() ?? [])];
  return ids.map((id) => ({ id, choices: runs.map((selections) => selections.get(id)?.winner?.path ?? "none") }));
}
