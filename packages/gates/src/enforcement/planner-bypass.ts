import type { Finding } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { makeFinding } from "../internal/make-finding.ts";

/** How a planner-first command was called. */
export interface PlannerCall {
  readonly isCi: boolean;
  /** Whether the flag that skips the confirmation was given. */
  readonly hasFlag: boolean;
  /** The token that was given; null without one. */
  readonly token: string | null;
}

/** Whether to ask for a confirmation; never in CI, where nobody answers. */
export type PlannerDecision =
  | { readonly action: "confirm" | "proceed"; readonly findings: readonly [] }
  | { readonly action: "refuse"; readonly findings: readonly Finding[] };

/**
 * Decides whether a planner-first command asks before it goes on (GAT-27). A flag, or a token whose digest is the expected one, bypasses
 * the question; in CI without either it is refused with an alert instead of waiting forever, and a wrong token is refused anywhere.
 */
export function planPlannerBypass(call: PlannerCall, options: { readonly tokenDigest: Digest | null }): PlannerDecision {
  const refuse = (message: string): PlannerDecision => ({
    action: "refuse",
    findings: [makeFinding("GATES_CONFIRMATION_REQUIRED", message)],
  });
  if (call.token !== null && digestBytes(new TextEncoder().encode(call.token)) !== options.tokenDigest)
    return refuse("The token to go on without confirmation is not the expected one");
  if (call.hasFlag || call.token !== null) return { action: "proceed", findings: [] };
  return call.isCi
    ? refuse("A confirmation is required, and nobody can give it in CI: pass the flag or the token")
    : { action: "confirm", findings: [] };
}
