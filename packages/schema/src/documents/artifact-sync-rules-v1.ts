import { z } from "zod";
import { ruleDocument } from "./rule-document.ts";

/** How artifacts may be written, weakest first (SCH-13). */
export const writeModes = ["direct", "atomic", "dual_write", "bridge"] as const;

/** The steps that bring a damaged index back, in their order (IDX-02). */
export const recoverySteps = [
  "detect_stale_lock",
  "replay_journal",
  "verify_checksums",
  "rebuild_index",
  "rotate_journal",
  "resume_with_backoff",
] as const;

/** `spec` of `artifact_sync_rules.mdc`: where the index stands, who may write it, and how it recovers (IDX-01, IDX-02). */
export const artifactSyncRulesV1 = z.strictObject({
  index: z.string().min(1),
  write_mode: z.enum(writeModes),
  single_writer: z.literal(true),
  protected_paths: z.array(z.string().min(1)).optional(),
  recovery: z.strictObject({
    steps: z.array(z.enum(recoverySteps)).min(1),
    backoff: z.strictObject({ initial_ms: z.int().min(1), factor: z.number().min(1), max_ms: z.int().min(1) }),
  }),
});

/** `artifact_sync_rules.mdc`. */
export const artifactSyncRulesDocumentV1 = ruleDocument("artifact_sync_rules", artifactSyncRulesV1);
