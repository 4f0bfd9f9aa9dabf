/**
 * The checks that gates are made of, one per type.
 *
 * @packageDocumentation
 */
export { builtInValidators } from "./built-in-validators.ts";
export { contracts } from "./contracts.ts";
export { coverageAnalyzer } from "./coverage-analyzer.ts";
export { criticalViolations, criticalZero } from "./critical-zero.ts";
export { dependencyGraph } from "./dependency-graph.ts";
export { jsonSchema } from "./json-schema.ts";
export { planConsistency } from "./plan-consistency.ts";
export { references } from "./references.ts";
export { storyParity } from "./story-parity.ts";
export type { Validator, ValidatorConfig, ValidatorVerdict } from "./validator.ts";
