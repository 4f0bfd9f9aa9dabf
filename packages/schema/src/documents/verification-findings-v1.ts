import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { textV1, timestampV1 } from "./document-text.ts";
import { gateOutcomes } from "./handoff-manifest-v1.ts";

/** Weights of a finding, heaviest first. */
export const findingSeverities = ["error", "warning", "note"] as const;

/** One finding as every package reports it. */
export const findingV1 = z.looseObject({
  code: textV1,
  severity: z.enum(findingSeverities),
  message: textV1,
  path: textV1.nullable(),
  line: z.int().min(1).nullable(),
  column: z.int().min(1).nullable(),
  expected: z.string().optional(),
  hint: z.string().optional(),
});

/** `VERIFICATION/<vertical>/findings.json`: the state of one vertical, and what was found (VER-01, SCH-08). */
export const verificationFindingsV1 = dataDocument({
  vertical: textV1,
  status: z.enum(gateOutcomes),
  generated_at: timestampV1,
  rationale: z.string().optional(),
  findings: z.array(findingV1),
});
