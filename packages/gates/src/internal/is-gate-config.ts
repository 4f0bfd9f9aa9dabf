import { type GateConfig, isJsonObject } from "@gov/schema";

/** What is asked of a gate that was configured past its schema, as in plain JavaScript. */
export const gateConfigShape = "a mapping with lists of triggers, each with from and to, and of validators, each with a type";

/** True when a configuration has the shape that gates are read in; whatever has another guards every edge and never passes. */
export function isGateConfig(config: unknown): config is GateConfig {
  if (!isJsonObject(config)) return false;
  const { triggers, validators } = config;
  return isListOf(triggers, ["from", "to"]) && isListOf(validators, ["type"]);
}

function isListOf(value: unknown, texts: readonly string[]): boolean {
  return Array.isArray(value) && value.every((item) => isJsonObject(item) && texts.every((name) => typeof item[name] === "string"));
}
