import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { idV1, timestampV1 } from "./document-text.ts";

/** One task of a backend backlog (ART-07); unknown fields are kept. */
export const backlogTaskV1 = z.looseObject({
  id: idV1,
  title: z.string().min(1),
  description: z.string().optional(),
  effort_points: z.int().min(0),
  priority: z.string().regex(/^P[0-9]$/u),
  dependencies: z.array(z.string()),
  artifacts: z.array(z.string()).optional(),
  owner: z.string().optional(),
  tags: z.array(z.string()).optional(),
  acceptance_criteria: z.array(z.string()).optional(),
  linked_story_map_nodes: z.array(z.string()).optional(),
  status: z.string().optional(),
});

/** `be_backlog.yaml`: the backend plan of one cycle. */
export const beBacklogV1 = z.looseObject({
  version: z.string(),
  generated_at: timestampV1,
  metadata: embeddedMetadataV1.optional(),
  tasks: z.array(backlogTaskV1),
});
