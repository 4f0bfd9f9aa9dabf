import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { cycleIdV1, dateOrTimestampV1, idV1, textV1 } from "./document-text.ts";

/** What somebody asks to be planned; `planning_schema_v1.json` of the sources (SCH-15). */
export const planningRequestV1 = dataDocument({
  title: textV1,
  description: z.string().optional(),
  requested_by: textV1,
  stream: textV1.optional(),
  cycle_id: cycleIdV1.optional(),
  priority: z
    .string()
    .regex(/^P[0-9]$/u)
    .optional(),
  due: dateOrTimestampV1.optional(),
  /** `Key`, `Key:Value`, or a mapping of names to values (B-08). */
  tags: z.union([z.array(textV1), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))]).optional(),
  objectives: z.array(textV1).optional(),
  acceptance_criteria: z.array(textV1).optional(),
  dependencies: z.array(idV1).optional(),
});
