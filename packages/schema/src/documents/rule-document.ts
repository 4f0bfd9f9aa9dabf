import { z } from "zod";
import { artifactMetadataV1 } from "./artifact-metadata-v1.ts";

/** A rule document: Markdown whose front matter carries metadata and the `spec` that is in force once approved (SCH-04). */
export function ruleDocument<Kind extends string, Spec extends z.ZodType>(kind: Kind, spec: Spec) {
  return artifactMetadataV1.partial().extend({ kind: z.literal(kind).optional(), spec });
}
