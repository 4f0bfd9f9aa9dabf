import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { timestampV1 } from "./document-text.ts";
import { gateOutcomes } from "./handoff-manifest-v1.ts";

/** `VERIFICATION/summary.json`: the state of every vertical (VER-01, SCH-08). */
export const verificationSummaryV1 = dataDocument({
  status: z.enum(gateOutcomes),
  generated_at: timestampV1,
  verticals: z.record(
    z.string(),
    z.looseObject({
      status: z.enum(gateOutcomes),
      findings: z.looseObject({ error: z.int().min(0), warning: z.int().min(0), note: z.int().min(0) }),
    }),
  ),
});
