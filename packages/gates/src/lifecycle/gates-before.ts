import type { LifecycleState } from "@gov/schema";
import { canonicalGateName } from "../gate-name.ts";
import { isGateConfig } from "../internal/is-gate-config.ts";
import { sortedUnique } from "../internal/text-order.ts";
import { type GateConfigs, requiredGates } from "../select-gates.ts";
import type { LifecycleEdge, LifecycleTable } from "./lifecycle-table.ts";

/** The gates of a lifecycle, as seen from the entry of one state. Both lists are sorted. */
export interface GatesBefore {
  /** Gates that guard a step on the way to the state, its entry included. */
  readonly required: readonly string[];
  /** Gates that guard other steps only: at this point their results are still to come (B-17). */
  readonly pending: readonly string[];
}

/**
 * Names the gates that a cycle has to pass until it enters a state, by the shortest way there, and those that are still pending then:
 * a manifest sealed at that entry carries the results of the first and `PENDING` for the second (B-05, B-17).
 *
 * @throws RangeError when no way leads to the state.
 */
export function gatesBefore(gates: GateConfigs, options: { readonly table: LifecycleTable; readonly state: LifecycleState }): GatesBefore {
  const steps = wayTo(options.table, options.state).flatMap(({ from, to }) => (from === null || to === null ? [] : [{ from, to }]));
  const required = sortedUnique(steps.flatMap((step) => requiredGates(gates, step)));
  const triggered = Object.entries(gates).filter(([, config]) => !isGateConfig(config) || config.triggers.length > 0);
  const others = triggered.map(([name]) => canonicalGateName(name)).filter((name) => !required.includes(name));
  return { required, pending: sortedUnique(others) };
}

/**
 * True for a step on the shortest way to a state, its entry included, from the state in which a plan begins: the steps at which a seal is run dry (B-05).
 *
 * @throws RangeError when no way leads to the state.
 */
export function isStepTowards(
  { from, to }: Pick<LifecycleEdge, "from" | "to">,
  { table, state }: { readonly table: LifecycleTable; readonly state: LifecycleState },
): boolean {
  return from !== null && wayTo(table, state).some((edge) => edge.from === from && edge.to === to);
}

/** The shortest way from the beginning to a state, breadth first; ties go to the edge that the table names first. */
function wayTo(table: LifecycleTable, state: LifecycleState): readonly LifecycleEdge[] {
  const seen = new Set<LifecycleState | null>([null]);
  let ways: (readonly LifecycleEdge[])[] = [[]];
  while (ways.length > 0) {
    const longer: (readonly LifecycleEdge[])[] = [];
    for (const way of ways) {
      const here = way.at(-1)?.to ?? null;
      for (const edge of table.transitions.filter(({ from, to }) => from === here && !seen.has(to))) {
        if (edge.to === state) return [...way, edge];
        seen.add(edge.to);
        longer.push([...way, edge]);
      }
    }
    ways = longer;
  }
  throw new RangeError(`Cannot name the gates before ${state}: no way leads there`);
}
