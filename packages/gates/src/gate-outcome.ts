/** Every outcome a gate can have, best first (B-17). */
export const gateOutcomes = ["PASS", "WAIVED", "SKIPPED", "PENDING", "FAIL", "ERROR"] as const;

/** Outcome of a gate; only `PASS` and `WAIVED` let a transition through. */
export type GateOutcome = (typeof gateOutcomes)[number];

/** Reads an outcome in any case, as the seeds write both `PASS` and `pass` (B-17); null for anything else. */
export function parseGateOutcome(text: string): GateOutcome | null {
  const upper = text.toUpperCase();
  return gateOutcomes.find((outcome) => outcome === upper) ?? null;
}

/** The worst outcome of a list; of an empty one `SKIPPED`, because nothing was checked (GAT-01). */
export function worstOutcome(outcomes: readonly GateOutcome[]): GateOutcome {
  const worst = outcomes.reduce((most, outcome) => Math.max(most, gateOutcomes.indexOf(outcome)), -1);
  return gateOutcomes[worst] ?? "SKIPPED";
}

/** True when the outcome lets a transition through; skipped, pending and missing never do. */
export function isPassing(outcome: GateOutcome | undefined): boolean {
  return outcome === "PASS" || outcome === "WAIVED";
}
