import type { Finding } from "@gov/schema";
import { digestJson } from "@gov/schema/canonical";
import { makeFinding } from "../internal/make-finding.ts";
import { parseTime } from "../internal/parse-time.ts";

/** A capability that is rolled out step by step: data, with an owner and an end (TEL-12). */
export interface FeatureFlag {
  readonly name: string;
  readonly owner: string;
  /** First instant it is off again, ISO 8601; a flag is no place to stay. */
  readonly expires: string;
  /** Share of the subjects it is on for, from 0 to 100. */
  readonly rolloutPercent: number;
}

/** Whether a flag is on, and what is wrong with it. */
export interface FlagDecision {
  readonly isEnabled: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Whether a flag is on for a subject. The same subject always gets the same answer, and keeps it while the share grows. An unknown,
 * ownerless or expired flag, and one whose numbers cannot be read, is off, with a finding.
 *
 * @param options.asOf - the instant of the judgement, in epoch milliseconds.
 */
export function evaluateFlag(
  flags: readonly FeatureFlag[],
  name: string,
  options: { readonly subject: string; readonly asOf: number },
): FlagDecision {
  const { subject, asOf } = options;
  const off = (problem: string): FlagDecision => ({
    isEnabled: false,
    findings: [makeFinding("GATES_FLAG_INVALID", `Flag "${name}" ${problem}`)],
  });
  const [flag, another] = flags.filter((candidate) => candidate.name === name);
  if (flag === undefined) return off("is unknown");
  if (another !== undefined) return off("is defined more than once");
  if (flag.owner.trim() === "") return off("has no owner");
  const end = parseTime(flag.expires);
  if (end === null) return off(`expires at "${flag.expires}", which is no time`);
  if (!(asOf < end)) return off(`expired on ${flag.expires}`);
  if (!(flag.rolloutPercent >= 0 && flag.rolloutPercent <= 100)) return off("has a share that is not from 0 to 100");
  const bucket = Number.parseInt(digestJson([name, subject]).slice("sha256:".length, "sha256:".length + 8), 16) / 2 ** 32;
  return { isEnabled: bucket * 100 < flag.rolloutPercent, findings: [] };
}
