import { z } from "zod";
import { ruleDocument } from "./rule-document.ts";

/** `spec` of `hydration_rules.mdc`: which of several candidates with one id is the artifact (HYD-01, B-15). */
export const hydrationRulesV1 = z.strictObject({
  precedence: z.array(z.enum(["approved", "latest_non_draft", "solo"])).min(1),
  tie_breakers: z.array(z.enum(["commit_time", "file_name", "path"])).min(1),
  /** Where a candidate without a commit time stands among the dated ones; never its mtime. */
  uncommitted: z.enum(["oldest", "newest"]),
});

/** `hydration_rules.mdc`. */
export const hydrationRulesDocumentV1 = ruleDocument("hydration_rules", hydrationRulesV1);
