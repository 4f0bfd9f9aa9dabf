import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { cycleIdV1, dateOrTimestampV1, textV1 } from "./document-text.ts";

/** One improvement: what, by whom, until when (ART-16). */
export const improvementActionV1 = z.looseObject({ action: textV1, owner: textV1, due: dateOrTimestampV1 });

/** `improvement_actions.yaml`: what a cycle hands on to the next one's breakdown (ART-16). */
export const improvementActionsV1 = dataDocument({ cycle_id: cycleIdV1, actions: z.array(improvementActionV1) });
