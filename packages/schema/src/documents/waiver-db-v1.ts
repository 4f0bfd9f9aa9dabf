import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { idV1, textV1, timestampV1 } from "./document-text.ts";

/**
 * One exception from one rule: for what, why, under which ticket, by whom, and until when (GOV-10).
 * A waiver without an end or without a reason is none.
 */
export const waiverV1 = z.looseObject({
  id: idV1,
  /** The rule, gate or finding code it waives. */
  rule: textV1,
  scope: z.looseObject({
    /** Globs of the documents it covers. */
    paths: z.array(textV1).min(1),
    /** Fingerprints of single findings; without them every finding of the rule in scope is waived. */
    fingerprints: z.array(textV1).min(1).optional(),
  }),
  reason: textV1,
  ticket: textV1,
  requested_by: textV1,
  approved_by: textV1,
  approver_role: textV1,
  not_before: timestampV1.optional(),
  expires_at: timestampV1,
});

/** `waiver_db.json`: the waivers that the decision log grants, projected from it (B-13). */
export const waiverDbV1 = dataDocument({ waivers: z.array(waiverV1) });
