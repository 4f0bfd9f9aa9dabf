import { z } from "zod";
import { idV1, sha256V1, textV1, timestampV1 } from "./document-text.ts";

/** A snapshot of artifacts that can be restored: which bytes stood where, and which manifest sealed them (PRO-01). */
export const snapshotV1 = z.looseObject({
  version: z.literal(1),
  id: idV1,
  created_at: timestampV1,
  snapshot_rev: textV1,
  manifest_digest: sha256V1,
  artifacts: z.array(z.looseObject({ path: textV1, digest: sha256V1, size: z.int().min(0) })),
  /** Id of the snapshot before it; null for the first. */
  prior: idV1.nullable().optional(),
});
