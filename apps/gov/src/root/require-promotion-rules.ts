import { type PromotionRules, promotionRulesOf } from "@gov/manifest/promotion";
import { InputError } from "../command.ts";
import type { Governed } from "./load-governed.ts";

/** Through which environments the rules of a root let manifests go. */
export function requirePromotionRules({ rules }: Pick<Governed, "rules">): PromotionRules {
  const found = promotionRulesOf(rules.rulebook.promotion);
  if (found !== null) return found;
  throw new InputError("CLI_NO_ENVIRONMENTS", "The rules name no environment that manifests are promoted to", {
    hint: 'add "promotion" to promotion_rules.mdc: approvals, and environments in their order',
  });
}
