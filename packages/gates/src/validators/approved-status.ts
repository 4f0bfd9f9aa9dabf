import { statusWithoutApproval } from "../governance/approved-status.ts";
import { numberOption } from "../internal/options.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `approved_status {count?}`: a document that says `approved` was approved, in the log, in exactly these bytes, by at least `count` (1)
 * people other than its authors (B-45). A rulebook that names this validator makes the word alone count for nothing.
 */
export const approvedStatus: Validator = {
  type: "approved_status",
  options: ["count"],
  needs: () => ["statuses"],
  evaluate: (config, evidence) => {
    const count = numberOption(config, { name: "count", fallback: 1 });
    if (count === null || !Number.isInteger(count) || count < 1) return misconfigured(config, "count must be a whole number from 1");
    const { documents = [], approvals = [] } = evidence.parts.statuses?.value ?? {};
    const authors = new Map(documents.map(({ path, authors: own }) => [path, own]));
    return verdictOf(statusWithoutApproval(documents, { approvals, authors, count }));
  },
};
