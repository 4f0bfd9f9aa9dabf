import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { cycleIdV1, sha256V1, textV1, timestampV1 } from "./document-text.ts";

/** `handoff_manifest.yaml` as c11 writes it (MAN-01): a list of artifacts, sealed by roles. */
export const handoffManifestC11V1 = z.looseObject({
  version: z.literal(1),
  cycle_id: cycleIdV1,
  snapshot_rev: textV1,
  rulebook_hash: sha256V1,
  artifacts: z.array(z.looseObject({ path: textV1, sha256: sha256V1 })),
  governance: z.looseObject({ tags: z.array(z.string()), critical_issues: z.int().min(0) }),
  sealed_at: timestampV1,
  sealed_by: z.array(textV1).min(1),
  signature: z.string().optional(),
  metadata: embeddedMetadataV1.optional(),
});
