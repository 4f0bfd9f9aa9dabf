import type { LifecycleState } from "@gov/schema";
import { canonicalGateName } from "../gate-name.ts";
import { isGateConfig } from "../internal/is-gate-config.ts";
import { type GateConfigs, requiredGates } from "../select-gates.ts";
import { sortedUnique } from "../internal/text-order.ts";
import type { LifecycleEdge } from "./lifecycle-table.ts";

/** The gates to run for an edge. Both lists are sorted. */
export interface TransitionGates {
  /** Gates that have to let it through. */
  readonly required: readonly string[];
  /** Gates whose result is computed and recorded here, and enforced on leaving the state that is entered (B-47). */
  readonly computed: readonly string[];
}

/** Names the gates to run before an edge is decided: those that guard it, and parity, which is computed on entering `VALIDATED`. */
export function transitionGates(gates: GateConfigs, { from, to }: Pick<LifecycleEdge, "from" | "to">): TransitionGates {
  if (from === null || to === null) return { required: [], computed: [] };
  const required = requiredGates(gates, { from, to });
  const computed = from === "EXECUTED" ? computedGates(gates, to).filter((name) => !required.includes(name)) : [];
  return { required, computed };
}

/** The gates that compare what was planned with what was done and guard the way on from a state, once it is `VALIDATED`. */
export function computedGates(gates: GateConfigs, state: LifecycleState): readonly string[] {
  if (state !== "VALIDATED") return [];
  const judging = Object.entries(gates).filter(
    ([, config]) =>
      isGateConfig(config) &&
      config.triggers.some(({ from }) => from === state) &&
      config.validators.some(({ type }) => type === "parity_checker"),
  );
  return sortedUnique(judging.map(([name]) => canonicalGateName(name)));
}
