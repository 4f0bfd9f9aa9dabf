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

/** `execution_change_log.yaml`: what went otherwise than planned, each linked to a task; an exception names who allowed it (LIF-16, c33 §4). */
export const executionChangeLogV1 = dataDocument({
  cycle_id: cycleIdV1,
  changes: z.array(
    z.discriminatedUnion("type", [
      change("deviation", { approved_by: textV1.optional() }),
      change("scope_change", { approved_by: textV1.optional(), points_delta: z.number().optional() }),
      change("exception_approval", { approved_by: textV1, expires_at: timestampV1.optional() }),
    ]),
  ),
});
