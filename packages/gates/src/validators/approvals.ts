import { countingApprovers } from "../approvals.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { numberOption, textsOption } from "../internal/options.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `approvals {count?, roles?, require_proof?}`: at least `count` (1) different people other than the authors approved exactly these
 * bytes, in one of `roles` (any), proven when `require_proof` is true (B-45).
 */
export const approvals: Validator = approvalValidator("approvals", "review");

/** `retro_signatures {count?, roles?, require_proof?}`: the same for the retrospective, which its participants sign (GAT-18). */
export const retroSignatures: Validator = approvalValidator("retro_signatures", "retrospective");

function approvalValidator(type: string, purpose: string): Validator {
  return {
    type,
    options: ["count", "require_proof", "roles"],
    needs: () => ["approvals"],
    evaluate: (config, evidence) => {
      const count = numberOption(config, { name: "count", fallback: 1 });
      if (count === null || !Number.isInteger(count) || count < 1) return misconfigured(config, "count must be a whole number from 1");
      const roles = Object.hasOwn(config, "roles") ? textsOption(config, { name: "roles", fallback: [] }) : undefined;
      if (roles === null) return misconfigured(config, "roles must be a list of names");
      const requireProof = optionOf(config, { name: "require_proof", fallback: false });
      if (typeof requireProof !== "boolean") return misconfigured(config, "require_proof must be true or false");
      const part = evidence.parts.approvals?.value;
      const { digest, authors = [], records = [] } = part ?? {};
      const actors = digest === undefined ? [] : countingApprovers(records, { digest, authors, purpose, roles, requireProof });
      if (actors.length >= count) return verdictOf([]);
      const found = actors.length === 0 ? "none" : `${actors.length} (${actors.join(", ")})`;
      return verdictOf([makeFinding("GATES_APPROVAL_MISSING", `${count} approvals for the ${purpose} are required, ${found} count`)]);
    },
  };
}
