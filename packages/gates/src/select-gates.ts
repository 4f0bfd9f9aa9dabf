import type { GateConfig, LifecycleState } from "@gov/schema";
import { canonicalGateName } from "./gate-name.ts";
import { isGateConfig } from "./internal/is-gate-config.ts";
import { compareText, sortedUnique } from "./internal/text-order.ts";

/** An edge of the lifecycle that gates guard. */
export interface GateTrigger {
  readonly from: LifecycleState;
  readonly to: LifecycleState;
}

/** Gates by name, as a preset or rulebook configures them. */
export type GateConfigs = Readonly<Record<string, GateConfig>>;

/**
 * Names of the gates that a transition requires, in their one spelling and in order; none when nothing guards it. A gate whose
 * configuration cannot be read guards every transition, and lets none through.
 */
export function requiredGates(gates: GateConfigs, transition: GateTrigger): readonly string[] {
  const triggered = Object.entries(gates).filter(
    ([, config]) => !isGateConfig(config) || config.triggers.some(({ from, to }) => from === transition.from && to === transition.to),
  );
  return sortedUnique(triggered.map(([name]) => canonicalGateName(name)));
}

/** Every configuration that a name stands for: one when the gate is known, none when not, several when spellings collide. */
export function gateConfigs(gates: GateConfigs, name: string): readonly GateConfig[] {
  const wanted = canonicalGateName(name);
  return Object.entries(gates)
    .sort(([a], [b]) => compareText(a, b))
    .filter(([key]) => canonicalGateName(key) === wanted)
    .map(([, config]) => config);
}
