import { isGateConfig } from "../internal/is-gate-config.ts";
import { sortedUnique } from "../internal/text-order.ts";
import { type GateConfigs, gateConfigs } from "../select-gates.ts";
import { isForward } from "./exit-criteria.ts";
import type { LifecycleEdge, LifecycleTable } from "./lifecycle-table.ts";
import { stateGuards } from "./state-guards.ts";
import { transitionGates } from "./transition-gates.ts";

/** An edge that something guards, and what. */
export interface CriticalTransition {
  readonly edge: LifecycleEdge;
  /** Gates that have to let it through. */
  readonly gates: readonly string[];
  /** Gates whose result is computed there and enforced one step later. */
  readonly computed: readonly string[];
  /** Guards of the state that is entered, required or shown. */
  readonly guards: readonly string[];
  /** What the gates ask for when they fail, in order. */
  readonly failureActions: readonly string[];
}

/** Lists the edges that a gate or a guard stands on, in the order of the table (LIF-18): the ones whose handlers have to be tested. */
export function criticalTransitions(table: LifecycleTable, gates: GateConfigs): readonly CriticalTransition[] {
  return table.transitions.flatMap((edge): readonly CriticalTransition[] => {
    const { required, computed } = transitionGates(gates, edge);
    const guards = edge.to !== null && isForward(edge) ? stateGuards(edge.to).map(({ name }) => name) : [];
    if (required.length + computed.length + guards.length === 0) return [];
    const configs = required.flatMap((name) => gateConfigs(gates, name)).filter(isGateConfig);
    const asked = configs.flatMap(({ failure_action }) => failure_action ?? []);
    return [{ edge, gates: required, computed, guards, failureActions: sortedUnique(asked) }];
  });
}
