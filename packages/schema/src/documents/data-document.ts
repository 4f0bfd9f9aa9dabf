import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";

/** A configuration or record in YAML or JSON: its own members, beside a version and metadata; unknown fields are kept. */
export function dataDocument<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.looseObject({ version: z.string().min(1).optional(), metadata: embeddedMetadataV1.optional(), ...shape });
}
