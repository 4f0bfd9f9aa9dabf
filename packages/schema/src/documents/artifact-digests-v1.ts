import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { sha256V1, textV1, timestampV1 } from "./document-text.ts";

/** `artifact_digests.json`: what was built from which commit, by digest (QAC-07). */
export const artifactDigestsV1 = dataDocument({
  commit: z.string().regex(/^[0-9a-f]{7,64}$/u),
  generated_at: timestampV1,
  digests: z.array(z.looseObject({ name: textV1, type: z.enum(["image", "manifest", "config", "artifact"]), sha256: sha256V1 })),
});
