import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { idV1, sha256V1, textV1, timestampV1 } from "./document-text.ts";

/** How the manifest of c22 is sealed. */
export const c22SealV1 = z.looseObject({ algorithm: textV1, signature: textV1 });
/** What both shapes of c22 hold, at whatever level. */
export const c22ManifestMembersV1 = {
  id: idV1,
  created_at: timestampV1,
  snapshot_rev: textV1,
  checksums: z.record(z.string(), sha256V1),
  rulebook_hash: sha256V1,
};

/** `handoff_manifest.yaml` as the file of c22 writes it (MAN-03): everything under `manifest`, artifacts by logical name. */
export const handoffManifestC22V1 = z.looseObject({
  version: textV1,
  manifest: z.looseObject({ ...c22ManifestMembersV1, seal: c22SealV1 }),
  metadata: embeddedMetadataV1.optional(),
});
