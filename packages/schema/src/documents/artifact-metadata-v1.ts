import { z } from "zod";
import { artifactStatuses } from "../artifact.ts";

/** Uniform metadata that every governed artifact carries, embedded or in a sidecar (SCH-01). Unknown fields are kept. */
export const artifactMetadataV1 = z.looseObject({
  id: z.string().min(1).max(256),
  version: z.string().min(1).max(64),
  status: z.enum(artifactStatuses),
  kind: z.string().min(1).max(64).optional(),
  title: z.string().optional(),
  owners: z.array(z.string().min(1)).optional(),
  tags: z.array(z.string().min(1)).optional(),
});
