import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { schemaNameV1, textV1 } from "./document-text.ts";

/** On which side of its target a key figure is good. */
export const kpiDirections = ["at_least", "at_most", "exactly"] as const;

/** One key figure of version 2: it says on which side of its target it is good, and may name what it is computed from. */
export const kpiV2 = z.strictObject({
  formula: textV1,
  unit: textV1,
  /** Null while nobody has set one. */
  target: z.number().nullable(),
  direction: z.enum(kpiDirections),
  /** Name and type of each input of the formula: a number, or a list of numbers. */
  inputs: z.record(z.string(), z.enum(["number", "list"])).optional(),
});

/** `kpi_config.yaml`, version 2: version 1 left open whether more is better, so a figure of a team's own could not be judged (KPI-08, B-19). */
export const kpiConfigV2 = dataDocument({ $schema: schemaNameV1, kpis: z.record(z.string(), kpiV2) });
