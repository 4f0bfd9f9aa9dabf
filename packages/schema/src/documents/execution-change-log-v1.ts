import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { cycleIdV1, idV1, textV1, timestampV1 } from "./document-text.ts";

function change<Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return z.looseObject({
    id: idV1,
    type: z.literal(type),
    /** The task it belongs to. */
    task_id: idV1,
    description: textV1,
    recorded_at: timestampV1,
    recorded_by: textV1,
    ...shape,
  });
}

/** `execution_change_log.yaml`: what went otherwise than planned, each linked to a task, and what came of the tasks; an exception names who allowed it (LIF-16, c33 §4). */
export const executionChangeLogV1 = dataDocument({
  cycle_id: cycleIdV1,
  changes: z.array(
    z.discriminatedUnion("type", [
      change("deviation", { approved_by: textV1.optional() }),
      change("scope_change", { approved_by: textV1.optional(), points_delta: z.number().optional() }),
      change("exception_approval", { approved_by: textV1, expires_at: timestampV1.optional() }),
    ]),
  ),
  /** What came of each task: where it is shown, and whether it was accepted; without a verdict nobody has judged it yet. */
  outcomes: z
    .array(z.looseObject({ task_id: idV1, evidence: z.array(textV1).optional(), validation: z.enum(["accepted", "rejected"]).optional() }))
    .optional(),
});
