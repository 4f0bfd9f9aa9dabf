import type { JsonObject } from "@gov/schema";
import type { DigestModel } from "./plan-digest.ts";

/**
 * Returns the content of `improvement_actions.yaml`: what a cycle hands on to the next one's breakdown (ART-16). Improvements without owner and date are not actions yet,
 * and stay in the digest.
 */
export function improvementActions({ cycleId, context }: Pick<DigestModel, "context" | "cycleId">): JsonObject {
  const actions = (context?.actions ?? []).map(({ action, owner, due }) => ({ action, owner, due }));
  return { version: "1.0.0", cycle_id: cycleId, actions };
}
