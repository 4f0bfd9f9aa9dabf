import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { cycleIdV1, percentV1, textV1 } from "./document-text.ts";

/** `team_capacity.yaml`: how much each owner can take on in a cycle, in points (ART-19). */
export const teamCapacityV1 = dataDocument({
  cycle_id: cycleIdV1.optional(),
  capacity: z.array(z.looseObject({ owner: textV1, points: z.number().min(0), availability_percent: percentV1.optional() })).min(1),
});
