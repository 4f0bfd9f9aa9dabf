import { compareFindings, type Finding, type Result } from "@gov/schema";
import { finding } from "../finding-codes.ts";
import type { PromotedManifest, PromotionBoard, PromotionStatus } from "./promotion-board.ts";
import type { PromotionRules } from "./promotion-rules.ts";

/** Who asks for another status of a manifest. */
export interface StatusRequest {
  readonly manifest: PromotedManifest;
  readonly to: PromotionStatus;
  /** Who made the manifest; never one of its approvers. */
  readonly author: string;
  /** People whose signatures on the manifest were verified, as `verifyManifest()` returns them. @default nobody */
  readonly approvedBy?: readonly string[] | undefined;
}

/** A change of status that may be told to the log. */
export interface StatusPlan {
  readonly type: "status";
  readonly request: StatusRequest;
  readonly rules: PromotionRules;
  readonly from: PromotionStatus;
}

/**
 * Plans a change of status: draft, review, approved, one step at a time, and back to draft from either. Approved needs as many different people as the rules ask, the author
 * not among them. Returns every reason why not. Pure.
 */
export function planStatus(
  request: StatusRequest,
  { board, rules }: { readonly board: PromotionBoard; readonly rules: PromotionRules },
): Result<StatusPlan> {
  const { manifest, to, author, approvedBy = [] } = request;
  const from = board.statuses.get(manifest.digest) ?? "draft";
  const findings: Finding[] = board.frozenBy.map((by) => finding("MANIFEST_PROMOTION_HELD", `Promotions are frozen by "${by}"`));
  // Back to draft is no way forward, so nothing stands against it but a freeze.
  if (!next[from].includes(to))
    findings.push(finding("MANIFEST_STATUS_ORDER", `"${manifest.manifestId}" is ${from}: it cannot become ${to}`));
  const approvers = new Set(approvedBy.filter((person) => person !== author));
  if (to === "approved" && approvers.size < rules.approvals)
    findings.push(
      finding(
        "MANIFEST_APPROVAL_MISSING",
        `"${manifest.manifestId}" has ${String(approvers.size)} of ${String(rules.approvals)} approvals by people other than its author`,
      ),
    );
  return findings.length > 0
    ? { ok: false, findings: findings.sort(compareFindings) }
    : { ok: true, value: { type: "status", request, rules, from }, findings: [] };
}

const next: Readonly<Record<PromotionStatus, readonly PromotionStatus[]>> = {
  draft: ["review"],
  review: ["approved", "draft"],
  approved: ["draft"],
};
