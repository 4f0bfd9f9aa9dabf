import { type FeatureFlag, type Finding, isJsonObject } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { makeFinding } from "../internal/make-finding.ts";
import { parseTime } from "../internal/parse-time.ts";

/** Whether a flag is on, and what is wrong with it. */
export interface FlagDecision {
  readonly isEnabled: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Whether a flag of `feature_flags.yaml` is on for a subject (TEL-12). The same subject always gets the same answer, and keeps it while the
 * share grows. One that is switched off is off; an unknown, ownerless, endless or expired flag, and one that cannot be read, is off with
 * a finding: a flag is no place to stay.
 *
 * @param options.asOf - the instant of the judgement, in epoch milliseconds.
 */
export function evaluateFlag(
  flags: Readonly<Record<string, FeatureFlag>>,
  name: string,
  options: { readonly subject: string; readonly asOf: number },
): FlagDecision {
  const { subject, asOf } = options;
  const off = (problem: string): FlagDecision => ({
    isEnabled: false,
    findings: [makeFinding("GATES_FLAG_INVALID", `Flag "${name}" ${problem}`)],
  });
  const flag: unknown = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (flag === undefined) return off("is unknown");
  if (!isJsonObject(flag)) return off("is no mapping with enabled, owner and expires_at");
  const { enabled, owner, expires_at: expires = null, rollout_percent: share = 100 } = flag;
  if (typeof enabled !== "boolean") return off("is neither true nor false");
  if (typeof owner !== "string" || owner.trim() === "") return off("has no owner");
  if (expires === null) return off("has no end: add expires_at");
  const end = typeof expires === "string" ? parseTime(expires) : null;
  if (typeof expires !== "string" || end === null) return off(`expires at ${JSON.stringify(expires)}, which is no time`);
  if (!(asOf < end)) return off(`expired on ${expires}`);
  if (typeof share !== "number" || !(share >= 0 && share <= 100)) return off("has a share that is not from 0 to 100");
  return { isEnabled: enabled && bucketOf(name, subject) * 100 < share, findings: [] };
}

/** Where from 0 to 1 a subject stands; its name may be any text, half a surrogate pair included. */
function bucketOf(name: string, subject: string): number {
  const digest = digestBytes(new TextEncoder().encode(JSON.stringify([name, subject])));
  return Number.parseInt(digest.slice("sha256:".length, "sha256:".length + 8), 16) / 2 ** 32;
}
