import { contracts } from "./contracts.ts";
import { coverageAnalyzer } from "./coverage-analyzer.ts";
import { criticalZero } from "./critical-zero.ts";
import { dependencyGraph } from "./dependency-graph.ts";
import { jsonSchema } from "./json-schema.ts";
import { references } from "./references.ts";
import { storyParity } from "./story-parity.ts";
import type { Validator } from "./validator.ts";

/** Every validator of this package by its type; add your own in a map built from this one. */
export const builtInValidators: ReadonlyMap<string, Validator> = new Map(
  [contracts, coverageAnalyzer, criticalZero, dependencyGraph, jsonSchema, references, storyParity].map((validator) => [
    validator.type,
    validator,
  ]),
);
