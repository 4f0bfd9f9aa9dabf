import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { cycleIdV1, idV1, timestampV1 } from "./document-text.ts";

/**
 * One work item of a frontend plan: the thirteen fields of c33 (ART-05), and `type` for epics, stories and tasks (ART-06).
 * A preset says which of them are required (B-11); unknown fields are kept.
 */
export const feTaskV1 = z.looseObject({
  id: idV1,
  title: z.string().min(1),
  description: z.string().optional(),
  owner: z.string().min(1).optional(),
  tags: z.array(z.string().min(1)).optional(),
  priority: z.string().min(1).optional(),
  effort: z.number().min(0).optional(),
  status: z.string().min(1).optional(),
  dependencies: z.array(z.string().min(1)).optional(),
  acceptance_criteria: z.array(z.string().min(1)).optional(),
  risk: z.string().optional(),
  planned_in: cycleIdV1.optional(),
  linked_story_map_nodes: z.array(z.string().min(1)).optional(),
  type: z.enum(["epic", "story", "task"]).optional(),
});

/** `fe_task_breakdown.yaml`: the frontend plan of one cycle. */
export const feTaskBreakdownV1 = z.looseObject({
  version: z.string().min(1),
  cycle_id: cycleIdV1.optional(),
  generated_at: timestampV1.optional(),
  metadata: embeddedMetadataV1.optional(),
  tasks: z.array(feTaskV1),
});
