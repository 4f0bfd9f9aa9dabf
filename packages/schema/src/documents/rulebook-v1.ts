import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { schemaNameV1 } from "./document-text.ts";

/** The six states of a planning cycle, in order (LIF-01). */
export const lifecycleStates = ["PLANNED", "READY_FOR_HANDOFF", "PACKAGED", "EXECUTED", "VALIDATED", "IMPROVE"] as const;

const state = z.enum(lifecycleStates);

/** A gate as configured: when it runs, what it checks, and what its failure asks for (GAT-05). */
export const gateConfigV1 = z.strictObject({
  triggers: z.array(z.strictObject({ from: state, to: state })),
  validators: z.array(z.looseObject({ type: z.string().min(1) })).min(1),
  failure_action: z.string().min(1).optional(),
});

/** A governance rule: a condition over tags and what it then requires (GOV-02). */
export const governanceRuleV1 = z.strictObject({
  condition: z.string().min(1),
  requirements: z.array(z.looseObject({})),
});

/** `rulebook.yaml`: gates, governance and KPI definitions in force on top of a preset (SCH-16). */
export const rulebookV1 = z.strictObject({
  version: z.string().min(1),
  gates: z.record(z.string(), gateConfigV1).default({}),
  governance: z
    .strictObject({
      tags: z
        .array(
          z.strictObject({
            name: z.string(),
            values: z.array(z.union([z.string(), z.number()])),
            default: z.union([z.string(), z.number()]),
          }),
        )
        .default([]),
      rules: z.record(z.string(), governanceRuleV1).default({}),
    })
    .default({ tags: [], rules: {} }),
  /** How much findings of a code weigh; `off` is not shown. Absent: as each code has it. */
  severities: z.record(z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/), z.enum(["error", "warning", "note", "off"])).optional(),
  kpis: z.record(z.string(), z.strictObject({ formula: z.string(), unit: z.string(), target: z.number() })).default({}),
});

/** `rulebook.yaml`, with its metadata. */
export const rulebookDocumentV1 = rulebookV1.extend({ $schema: schemaNameV1.optional(), metadata: embeddedMetadataV1.optional() });
