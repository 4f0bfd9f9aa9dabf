import { z } from "zod";
import { ruleDocument } from "./rule-document.ts";
import { lifecycleStates } from "./rulebook-v1.ts";

const state = z.enum(lifecycleStates);

/** `spec` of `framework_contract_framework1.mdc`: the artifacts, states and gate checks a framework allows (SCH-05). */
export const frameworkContractV1 = z.strictObject({
  framework: z.string().min(1),
  /** Other names of the same framework (B-37). */
  aliases: z.array(z.string().min(1)).optional(),
  artifacts: z.array(z.strictObject({ kind: z.string().min(1), path: z.string().min(1).optional(), required: z.boolean() })).min(1),
  states: z.array(state).min(1),
  gate_checks: z.array(z.strictObject({ from: state, to: state, gates: z.array(z.string().min(1)).min(1) })),
});

/** `framework_contract_framework1.mdc`. */
export const frameworkContractDocumentV1 = ruleDocument("framework_contract", frameworkContractV1);
