import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { idV1, textV1 } from "./document-text.ts";

/** `*playbook.yaml`: when to act, on which sign, and the steps, each of which may be repeated (PRO-11). */
export const playbookV1 = dataDocument({
  name: textV1,
  decision_points: z.array(textV1).min(1),
  triggers: z.array(textV1).min(1),
  steps: z.array(z.looseObject({ id: idV1, action: textV1, description: z.string().optional(), idempotent: z.literal(true) })).min(1),
});
