import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { durationV1, textV1 } from "./document-text.ts";

/** `durations_sla.yaml`: how long each step may take, and the ten that matter most (MET-05). */
export const durationsSlaV1 = dataDocument({
  thresholds: z.record(z.string(), durationV1),
  top: z.array(z.looseObject({ name: textV1, max: durationV1, owner: textV1.optional() })).max(10),
});
