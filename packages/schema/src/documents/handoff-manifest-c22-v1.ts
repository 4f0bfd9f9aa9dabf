import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { idV1, sha256V1, textV1, timestampV1 } from "./document-text.ts";

const seal = z.looseObject({ algorithm: textV1, signature: textV1 });
const body = {
  id: idV1,
  created_at: timestampV1,
  snapshot_rev: textV1,
  checksums: z.record(z.string(), sha256V1),
  rulebook_hash: sha256V1,
};

/** `handoff_manifest.yaml` as the file of c22 writes it (MAN-03): everything under `manifest`, artifacts by logical name. */
export const handoffManifestC22V1 = z.looseObject({
  version: textV1,
  manifest: z.looseObject({ ...body, seal }),
  metadata: embeddedMetadataV1.optional(),
});

/** The manifest as the generator of c22 writes it (MAN-04): flat, with the id of its plan. */
export const handoffManifestC22FlatV1 = z.looseObject({
  version: textV1,
  ...body,
  plan_id: idV1,
  seal,
  metadata: embeddedMetadataV1.optional(),
});
