import { z } from "zod";
import { idV1, schemaNameV1 } from "./document-text.ts";

const line = z.int().min(1);

/** A parsed plan of checkboxes as JSON: its phases, and every item with its number, its state and the item it belongs to (PLN-01). */
export const checklistV1 = z.strictObject({
  $schema: schemaNameV1.optional(),
  title: z.string().nullable(),
  phases: z.array(z.strictObject({ title: z.string().min(1), line })),
  items: z.array(
    z.strictObject({
      id: idV1,
      text: z.string().min(1),
      isDone: z.boolean(),
      /** Number of the phase, 0 for items before the first. */
      phase: z.int().min(0),
      parent: idV1.nullable(),
      line,
    }),
  ),
});
