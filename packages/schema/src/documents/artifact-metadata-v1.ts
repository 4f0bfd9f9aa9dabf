import { z } from "zod";
import { artifactStatuses } from "../artifact.ts";
import { idV1 } from "./document-text.ts";

/** Uniform metadata that every governed artifact carries, embedded or in a sidecar (SCH-01). Unknown fields are kept. */
export const artifactMetadataV1 = z.looseObject({
  id: idV1,
  version: z.string().regex(/^\P{Cc}{1,64}$/u),
  status: z.enum(artifactStatuses),
  kind: z.string().min(1).optional(),
  title: z.string().optional(),
  owners: z.array(z.string().min(1)).optional(),
  tags: z.array(z.string().min(1)).optional(),
});

/** Metadata as part of a document: what stands there is judged, what a sidecar gives may be absent (SCH-02). */
export const embeddedMetadataV1 = artifactMetadataV1.partial();
