import { compareFindings, type Finding, type Result } from "@gov/schema";
import { finding, type ManifestFindingCode } from "../finding-codes.ts";
import type { PromotedManifest, PromotionBoard } from "./promotion-board.ts";
import { assertPromotionRules, type PromotionRules } from "./promotion-rules.ts";

/** What can set off a promotion; a freeze stops them all. */
export const promotionCauses = ["manual", "automatic", "scheduled", "waiver"] as const;

/** One of {@link promotionCauses}. */
export type PromotionCause = (typeof promotionCauses)[number];

/** Who asks for a promotion, of what, to where. */
export interface PromotionRequest {
  readonly manifest: PromotedManifest;
  readonly environment: string;
  readonly cause: PromotionCause;
}

/** A promotion that may be carried out. */
export interface PromotionPlan {
  readonly type: "promotion";
  readonly request: PromotionRequest;
  readonly rules: PromotionRules;
}

/** Options of {@link planPromotion}. */
export interface PlanPromotionOptions {
  readonly board: PromotionBoard;
  readonly rules: PromotionRules;
  /** The instant it is decided, epoch milliseconds. */
  readonly now: number;
}

/**
 * Plans the promotion of an approved manifest to its next environment: none is left out, its time in the one before is over, and nothing older than what an environment has
 * seen comes back to it, so that a rollback is not undone by a pipeline (what is restored is a new manifest, with a number of its own). What stands there already may be
 * promoted again, which mends drift. Frozen means no, whatever asks. Returns every reason why not. Pure.
 *
 * @throws RangeError for rules that would let anything pass.
 */
export function planPromotion(request: PromotionRequest, { board, rules, now }: PlanPromotionOptions): Result<PromotionPlan> {
  assertPromotionRules(rules);
  const { manifest, environment, cause } = request;
  const findings: Finding[] = board.frozenBy.map((by) => finding("MANIFEST_PROMOTION_HELD", `Promotions are frozen by "${by}"`));
  const refuse = (code: ManifestFindingCode, what: string): void => void findings.push(finding(code, `"${manifest.manifestId}" ${what}`));
  const status = board.statuses.get(manifest.digest) ?? "draft";
  if (status !== "approved") refuse("MANIFEST_NOT_APPROVED", `is ${status}: only what is approved is promoted`);
  const place = rules.environments.findIndex(({ name }) => name === environment);
  const rule = rules.environments[place];
  if (rule === undefined) refuse("MANIFEST_ENVIRONMENT_UNKNOWN", `cannot go to "${environment}": no rule knows that environment`);
  else {
    if (!promotionCauses.includes(cause) || (cause !== "manual" && rule.automatic !== true))
      refuse("MANIFEST_PROMOTION_NOT_AUTOMATIC", `is to go to "${environment}" by cause "${cause}": a person must promote there`);
    const before = rules.environments[place - 1]?.name;
    if (before !== undefined) findings.push(...checkBefore(request, { board, before, now, soakMs: rule.soakMs ?? 0 }));
    const there = board.environments.get(environment);
    if (there !== undefined && manifest.sequence <= there.highest && there.digest !== manifest.digest)
      refuse(
        "MANIFEST_PROMOTION_BACKWARD",
        `is number ${String(manifest.sequence)}, and "${environment}" has seen number ${String(there.highest)}`,
      );
  }
  return findings.length > 0
    ? { ok: false, findings: findings.sort(compareFindings) }
    : { ok: true, value: { type: "promotion", request, rules }, findings: [] };
}

function checkBefore(
  { manifest, environment }: PromotionRequest,
  options: { readonly board: PromotionBoard; readonly before: string; readonly now: number; readonly soakMs: number },
): readonly Finding[] {
  const { board, before, now, soakMs } = options;
  const earlier = board.environments.get(before);
  if (earlier?.digest !== manifest.digest)
    return [
      finding(
        "MANIFEST_ENVIRONMENT_SKIPPED",
        `"${manifest.manifestId}" does not stand in "${before}", which comes before "${environment}"`,
      ),
    ];
  const since = Date.parse(earlier.since);
  // A time that cannot be read has not passed.
  if (soakMs === 0 || now - since >= soakMs) return [];
  const until = Number.isNaN(since) ? "an unknown time" : new Date(since + soakMs).toISOString();
  return [finding("MANIFEST_ENVIRONMENT_SOAKING", `"${manifest.manifestId}" has to stand in "${before}" until ${until}`)];
}
