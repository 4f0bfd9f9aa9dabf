import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { schemaNameV1 } from "./document-text.ts";

/** What `rbac_policy.yaml` says: which role may do what, and who has which role (GOV-12). What is not allowed is denied. */
export const rbacPolicyV1 = z.strictObject({
  roles: z.record(z.string(), z.strictObject({ permissions: z.array(z.string().min(1)) })),
  actors: z.record(z.string(), z.array(z.string().min(1))),
  /** Whether a name that nothing proves may read and nothing more. Absent: it may what its roles permit. */
  require_proof: z.boolean().optional(),
});

/** `rbac_policy.yaml`, with its metadata. */
export const rbacPolicyDocumentV1 = rbacPolicyV1.extend({
  $schema: schemaNameV1.optional(),
  version: z.string().min(1),
  metadata: embeddedMetadataV1.optional(),
});
