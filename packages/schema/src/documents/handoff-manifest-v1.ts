import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { idV1, sha256V1, timestampV1 } from "./document-text.ts";

/** Every outcome of a gate (B-17). */
export const gateOutcomes = ["PASS", "FAIL", "WAIVED", "PENDING", "SKIPPED", "ERROR"] as const;

/** `handoff_manifest.yaml` as c33 writes it (MAN-05); the other shapes are read into the same model. */
export const handoffManifestV1 = z.looseObject({
  manifest_id: idV1,
  sealed: z.literal(true),
  created_at: timestampV1,
  created_by: z.string().min(1),
  snapshot_rev: z.string().min(1),
  rulebook_hash: sha256V1,
  artifact_checksums: z.record(z.string(), sha256V1),
  gate_results: z.record(z.string(), z.enum([...gateOutcomes, "pass", "fail"])),
  governance: z.looseObject({
    tags: z.array(z.string()),
    critical_violations: z.int().min(0),
    decision_log_ref: z.string().nullable(),
  }),
  prior_manifest_id: z.string().nullable().optional(),
  notes: z.string().optional(),
  metadata: embeddedMetadataV1.optional(),
});
