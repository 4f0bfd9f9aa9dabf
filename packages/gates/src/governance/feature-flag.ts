import type { FeatureFlag, Finding } from "@gov/schema";
import { digestJson } from "@gov/schema/canonical";
import { makeFinding } from "../internal/make-finding.ts";
import { parseTime } from "../internal/parse-time.ts";

/** Whether a flag is on, and what is wrong with it. */
export interface FlagDecision {
  readonly isEnabled: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Whether a flag of `feature_flags.yaml` is on for a subject (TEL-12). The same subject always gets the same answer, and keeps it while the
 * share grows. One that is switched off is off; an unknown, ownerless, endless or expired flag, and one whose numbers cannot be read, is
 * off with a finding: a flag is no place to stay.
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
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (flag === undefined) return off("is unknown");
  if (flag.owner.trim() === "") return off("has no owner");
  if (flag.expires_at === undefined) return off("has no end: add expires_at");
  const end = parseTime(flag.expires_at);
  if (end === null) return off(`expires at "${flag.expires_at}", which is no time`);
  if (!(asOf < end)) return off(`expired on ${flag.expires_at}`);
  const { rollout_percent: share = 100 } = flag;
  if (!(share >= 0 && share <= 100)) return off("has a share that is not from 0 to 100");
  const bucket = Number.parseInt(digestJson([name, subject]).slice("sha256:".length, "sha256:".length + 8), 16) / 2 ** 32;
  return { isEnabled: flag.enabled && bucket * 100 < share, findings: [] };
}
