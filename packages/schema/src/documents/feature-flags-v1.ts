import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { dateOrTimestampV1, percentV1, textV1 } from "./document-text.ts";

/** One switch: whether it is on and for which share, who owns it, and until when it may live. */
export const featureFlagV1 = z.looseObject({
  enabled: z.boolean(),
  owner: textV1,
  description: z.string().optional(),
  rollout_percent: percentV1.optional(),
  expires_at: dateOrTimestampV1.optional(),
});

/** `feature_flags.yaml`: what can be switched, by whom, and until when the switch may live (c22 §9). */
export const featureFlagsV1 = dataDocument({ flags: z.record(z.string(), featureFlagV1) });
