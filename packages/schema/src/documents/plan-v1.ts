import { z } from "zod";
import { idV1, schemaNameV1 } from "./document-text.ts";

const line = z.int().min(1);

/** The eight sections of a plan, in their order (PLN-01). */
export const planSections = [
  "objectives_and_scope",
  "assumptions_and_constraints",
  "work_breakdown",
  "execution_phases",
  "rollback_and_recovery",
  "risk_to_task_mapping",
  "observability_and_validation",
  "traceability_index",
] as const;

/** A parsed plan as JSON: its sections, its tasks, its phases and what it maps to them, each with the line it was read from (PLN-01, PLN-02). */
export const planV1 = z.strictObject({
  $schema: schemaNameV1.optional(),
  title: z.string().nullable(),
  sections: z.array(z.strictObject({ section: z.enum(planSections), title: z.string().min(1), line })),
  tasks: z.array(
    z.strictObject({
      id: idV1,
      description: z.string(),
      owner: z.string().nullable(),
      inputs: z.array(z.string()),
      outputs: z.array(z.string()),
      prerequisites: z.array(z.string()),
      priority: z.string().nullable(),
      sourceRefs: z.array(z.string()),
      line,
    }),
  ),
  phases: z.array(
    z.strictObject({
      id: idV1,
      title: z.string().min(1),
      entrance: z.array(z.string()),
      exit: z.array(z.string()),
      tasks: z.array(z.string()),
      line,
    }),
  ),
  mappings: z.array(z.strictObject({ id: idV1, tasks: z.array(z.string()), line })),
  traceability: z.array(z.strictObject({ task: z.string().min(1), sourceRefs: z.array(z.string()), line })).nullable(),
});
