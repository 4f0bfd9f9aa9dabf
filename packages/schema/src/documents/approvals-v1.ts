import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { sha256V1, textV1, timestampV1 } from "./document-text.ts";

/** One person's word for something: who, in which role, for exactly which bytes (B-45). */
export const approvalV1 = z.looseObject({
  actor: textV1,
  role: textV1,
  /** What it approves, such as `review` or `retrospective`. */
  purpose: textV1,
  digest: sha256V1,
  approved_at: timestampV1,
  /** Why approval is given or under which condition. */
  comment: z.string().optional(),
});

/** `approvals.yaml`: the approvals of one cycle. */
export const approvalsV1 = dataDocument({ approvals: z.array(approvalV1) });
