import { z } from "zod";
import { artifactStatuses } from "../artifact.ts";
import { idV1, sha256V1, textV1 } from "./document-text.ts";

/** `artifacts_index.json`: one record per artifact, as `docs/formats/artifacts-index-v1.md` says (IDX-01). */
export const artifactsIndexV1 = z.strictObject({
  format: z.literal("gov.artifacts_index"),
  version: z.literal(1),
  count: z.int().min(0),
  digest: sha256V1,
  artifacts: z.array(
    z.strictObject({
      path: textV1,
      id: idV1,
      kind: textV1,
      version: z.string().nullable(),
      status: z.enum(artifactStatuses).nullable(),
      title: z.string().nullable(),
      owners: z.array(z.string()),
      tags: z.array(z.string()),
      digest: sha256V1,
      size: z.int().min(0),
    }),
  ),
});
