import { type EvidencePart, evidenceParts } from "./evidence.ts";
import { isGateConfig } from "./internal/is-gate-config.ts";
import { type GateConfigs, gateConfigs } from "./select-gates.ts";
import { builtInValidators } from "./validators/built-in-validators.ts";
import type { Validator } from "./validators/validator.ts";

/** The parts of the evidence that the named gates look at, so that nothing else need be collected. */
export function neededParts(
  gates: GateConfigs,
  options: { readonly names: readonly string[]; readonly validators?: ReadonlyMap<string, Validator> | undefined },
): readonly EvidencePart[] {
  const { names, validators = builtInValidators } = options;
  const configs = names.flatMap((name) => gateConfigs(gates, name)).flatMap((gate) => (isGateConfig(gate) ? gate.validators : []));
  const needed = new Set(configs.flatMap((config) => validators.get(config.type)?.needs(config) ?? []));
  return evidenceParts.filter((part) => needed.has(part));
}
