import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { idV1, textV1 } from "./document-text.ts";
import { c22ManifestMembersV1, c22SealV1 } from "./handoff-manifest-c22-v1.ts";

/** The manifest as the generator of c22 writes it (MAN-04): flat, with the id of its plan. */
export const handoffManifestC22FlatV1 = z.looseObject({
  version: textV1,
  ...c22ManifestMembersV1,
  plan_id: idV1,
  seal: c22SealV1,
  metadata: embeddedMetadataV1.optional(),
});
