import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { durationV1, percentV1, textV1 } from "./document-text.ts";

/** `monitoring_config.json`: what is watched, when somebody is told, and what is promised (SCH-08, SCH-19). */
export const monitoringConfigV1 = dataDocument({
  service: textV1,
  health: z.looseObject({ path: z.string().regex(/^\//u), interval: durationV1, timeout: durationV1 }),
  metrics: z.array(z.looseObject({ name: textV1, unit: textV1, description: z.string().optional() })),
  alerts: z.array(
    z.looseObject({
      name: textV1,
      condition: textV1,
      severity: z.enum(["critical", "warning", "info"]),
      notify: z.array(textV1).optional(),
    }),
  ),
  slos: z.array(z.looseObject({ name: textV1, objective: percentV1, window: durationV1 })).optional(),
});
