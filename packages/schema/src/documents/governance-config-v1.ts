import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { textV1 } from "./document-text.ts";
import { governanceRuleV1 } from "./rulebook-v1.ts";

/** One tag of a taxonomy: its values, and the one it has unless said otherwise (GOV-01). */
export const governanceTagV1 = z.strictObject({
  name: textV1,
  values: z.array(z.union([z.string(), z.number()])),
  default: z.union([z.string(), z.number()]),
});

/** `governance_config.yaml`: the tags a plan may carry, and what they require (GOV-01, GOV-02). */
export const governanceConfigV1 = dataDocument({
  governance: z.strictObject({
    tags: z.array(governanceTagV1).default([]),
    rules: z.record(z.string(), governanceRuleV1).default({}),
  }),
});
