import { z } from "zod";
import { artifactStatuses } from "../artifact.ts";
import { ruleDocument } from "./rule-document.ts";

/** `spec` of `artifact_schema.mdc`: the metadata every artifact carries, and the schema version in force per kind (SCH-01, SCH-07). */
export const artifactSchemaV1 = z.strictObject({
  metadata: z.strictObject({
    required: z.array(z.string().min(1)).min(1),
    optional: z.array(z.string().min(1)).optional(),
    sidecar_suffix: z.literal(".meta.yaml"),
  }),
  statuses: z.array(z.enum(artifactStatuses)).min(1),
  /** `closed` accepts only tags of the rulebook's taxonomy, `free` accepts any (B-08). */
  tags: z.enum(["free", "closed"]),
  schemas: z.record(z.string(), z.int().min(1)),
});

/** `artifact_schema.mdc`. */
export const artifactSchemaDocumentV1 = ruleDocument("artifact_schema", artifactSchemaV1);
