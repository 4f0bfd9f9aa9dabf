import { z } from "zod";
import { ruleDocument } from "./rule-document.ts";

/** What calls for a rollback (seed 0 §5). */
export const rollbackTriggers = ["failed_validation", "slo_breach", "drift_alarm"] as const;

/** The steps of a rollback, in their order (seed 0 §5). */
export const rollbackSteps = [
  "freeze_promotions",
  "select_last_signed_snapshot",
  "verify_signature",
  "restore_artifacts",
  "warm_caches",
  "rerun_verification_gate",
  "unfreeze",
] as const;

/** `spec` of `promotion_rules.mdc`: how snapshots are signed, kept and rolled back (seed 0 T-06). */
export const promotionRulesV1 = z.strictObject({
  snapshot: z.strictObject({ format: z.literal("dsse+in-toto"), signatures: z.int().min(0), roles: z.array(z.string().min(1)) }),
  retention: z.strictObject({
    keep_last: z.int().min(1),
    keep_for: z.string().regex(/^(?:[0-9]+_(?:days|weeks|months|years)|P(?:[0-9]+[YMWD])+)$/u),
  }),
  /** Which environments manifests go through, in their order, and how many people other than the author approve them first; without it nothing is promoted. */
  promotion: z
    .strictObject({
      approvals: z.int().min(1),
      environments: z
        .array(
          z.strictObject({
            name: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/u),
            automatic: z.boolean().optional(),
            soak_hours: z.int().min(0).optional(),
          }),
        )
        .min(1),
    })
    .optional(),
  rollback: z.strictObject({ triggers: z.array(z.enum(rollbackTriggers)).min(1), steps: z.array(z.enum(rollbackSteps)).min(1) }),
});

/** `promotion_rules.mdc`. */
export const promotionRulesDocumentV1 = ruleDocument("promotion_rules", promotionRulesV1);
