import { z } from "zod";
import { idV1, textV1, timestampV1 } from "./document-text.ts";

/** What a decision is about. */
export const decisionTypes = ["waiver", "toggle", "enforcement", "approval", "promotion", "override", "closing", "decision"] as const;

/** The content of one entry of `memory-bank/decisions/index.jsonl`; the chained log adds order, hash and predecessor (TEL-09). */
export const decisionEntryV1 = z.looseObject({
  id: idV1,
  type: z.enum(decisionTypes),
  decided_at: timestampV1,
  actor: textV1,
  role: textV1.optional(),
  /** Id of what is decided on: a waiver, a toggle, a cycle. */
  subject: textV1,
  decision: textV1,
  rationale: textV1,
  /** Ids or paths of what supports it. */
  evidence: z.array(textV1).optional(),
  /** Id of the decision it replaces. */
  supersedes: idV1.optional(),
});
