import { contracts } from "./contracts.ts";
import { coverageAnalyzer } from "./coverage-analyzer.ts";
import { criticalZero } from "./critical-zero.ts";
import { dependencyGraph } from "./dependency-graph.ts";
import { jsonSchema } from "./json-schema.ts";
import { planConsistency } from "./plan-consistency.ts";
import { references } from "./references.ts";
import { storyParity } from "./story-parity.ts";
import type { Validator } from "./validator.ts";

/**
 * Every validator of this package by its type; add your own in a map built from this one.
 *
 * @example Add a validator of your own
 * ```ts
 * import assert from "node:assert/strict";
 * import { collectEvidence, evaluateGates } from "@gov/gates";
 * import { builtInValidators } from "@gov/gates/validators";
 *
 * const owned = {
 *   type: "owned",
 *   options: [],
 *   needs: () => ["contracts"],
 *   evaluate: (config, evidence) => ({ outcome: evidence.parts.contracts.value.length > 0 ? "PASS" : "FAIL", findings: [] }),
 * };
 * const validators = new Map([...builtInValidators, [owned.type, owned]]);
 * const evidence = await collectEvidence({ subject: "PLN-BE-2024-01" }, { contracts: async () => ({ value: [], sources: [] }) });
 * const gates = { contracts_written: { triggers: [], validators: [{ type: "owned" }] } };
 * assert.equal(evaluateGates(evidence, gates, { validators }).outcome, "FAIL");
 * assert.equal(evaluateGates(evidence, gates).outcome, "ERROR"); // nobody knows it here
 * ```
 */
export const builtInValidators: ReadonlyMap<string, Validator> = new Map(
  [contracts, coverageAnalyzer, criticalZero, dependencyGraph, jsonSchema, planConsistency, references, storyParity].map((validator) => [
    validator.type,
    validator,
  ]),
);
