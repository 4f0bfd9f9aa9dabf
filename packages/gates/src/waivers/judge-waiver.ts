import { parseTime } from "../internal/parse-time.ts";
import type { EnforcementMode } from "../enforcement/enforcement-mode.ts";
import type { SignedWaiver, Waiver } from "./waiver.ts";

/** What waivers may do. Everything has to be said: there is no permissive default. */
export interface WaiverPolicy {
  /** `none` and `new_cycle` refuse every waiver: the one has no way around, the other asks for a new cycle (B-13). */
  readonly overridePolicy: "none" | "new_cycle" | "waiver";
  /** Mode in force; `hard_block` refuses every waiver (GOV-15). */
  readonly mode: EnforcementMode;
  /** Roles of which one must have signed, by somebody other than who asked. */
  readonly approverRoles: readonly string[];
  /** Longest time from `not_before` to `expires`, in days. */
  readonly maxDays: number;
  /** What an emergency override needs; null when there is none (GOV-11). */
  readonly emergency: { readonly approverRoles: readonly string[]; readonly maxHours: number } | null;
  /** Codes and rules that no waiver covers; critical counts belong here unless the rulebook says otherwise (B-13). */
  readonly notWaivable: readonly string[];
}

/** Whether a waiver is in force at one instant, and if not, why. */
export type WaiverJudgement =
  { readonly state: "in_force"; readonly reason: null } | { readonly state: "expired" | "not_yet" | "refused"; readonly reason: string };

/** Codes that say a gate could not judge; nothing is known then, so nothing can be waived. */
const unjudged: readonly string[] = [
  "GATES_CONFIG_INVALID",
  "GATES_EVIDENCE_EMPTY",
  "GATES_EVIDENCE_FAILED",
  "GATES_EVIDENCE_MISSING",
  "GATES_UNKNOWN_GATE",
  "GATES_UNKNOWN_VALIDATOR",
  "GATES_VALIDATORS_EMPTY",
  "GATES_VALIDATOR_FAULT",
];

const hour = 3_600_000;

/**
 * Judges one waiver: the one place that decides whether it is in force. What cannot be read is refused, never in force; it is in force
 * from `not_before`, and no longer at `expires`.
 *
 * @param options.asOf - the instant of the judgement, in epoch milliseconds.
 * @throws RangeError when `asOf` is no number.
 */
export function judgeWaiver(signed: SignedWaiver, options: { readonly policy: WaiverPolicy; readonly asOf: number }): WaiverJudgement {
  const { policy, asOf } = options;
  if (!Number.isFinite(asOf)) throw new RangeError(`Cannot judge a waiver: asOf must be an instant, and is ${asOf}`);
  const { waiver } = signed;
  const reason = policyProblem(signed, policy) ?? scopeProblem(waiver, policy);
  if (reason !== null) return { state: "refused", reason };
  const [begin, end] = [parseTime(waiver.not_before), parseTime(waiver.expires)];
  if (begin === null || end === null) return { state: "refused", reason: "its times cannot be read" };
  if (end <= begin) return { state: "refused", reason: "it expires before it begins" };
  // Without an emergency policy an override was refused above; here it would have a limit that is no number.
  const limit = hour * (waiver.emergency ? Number(policy.emergency?.maxHours) : policy.maxDays * 24);
  // Written so that a limit that is no number refuses.
  if (!(end - begin <= limit)) return { state: "refused", reason: "it lasts longer than the policy allows" };
  if (asOf >= end) return { state: "expired", reason: `it expired on ${waiver.expires}` };
  if (asOf < begin) return { state: "not_yet", reason: `it begins on ${waiver.not_before}` };
  return { state: "in_force", reason: null };
}

function policyProblem({ waiver, signers }: SignedWaiver, policy: WaiverPolicy): string | null {
  if (policy.overridePolicy !== "waiver") return `the override policy is ${policy.overridePolicy}`;
  if (policy.mode === "hard_block") return "the mode is hard_block";
  const roles = waiver.emergency ? policy.emergency?.approverRoles : policy.approverRoles;
  if (roles === undefined) return "the policy has no emergency override";
  const asker = personOf(waiver.requested_by);
  const isApproved = signers.some(({ person, role }) => roles.includes(role) && personOf(person) !== asker);
  return isApproved ? null : `nobody other than ${waiver.requested_by} signed it as ${roles.join(" or ")}`;
}

function scopeProblem(waiver: Waiver, policy: WaiverPolicy): string | null {
  if (policy.notWaivable.includes(waiver.rule) || unjudged.includes(waiver.rule)) return `"${waiver.rule}" cannot be waived`;
  // The rule of a scanner is a scope of its own; a code of this package, or of the schemas that its gates judge by, covers many findings.
  const isScoped = waiver.path !== null || waiver.fingerprint !== null || !/^(?:GATES|SCHEMA)_/.test(waiver.rule);
  return isScoped ? null : "it names neither a path nor a fingerprint";
}

function personOf(name: string): string {
  return name.normalize("NFC").trim().toLowerCase();
}
