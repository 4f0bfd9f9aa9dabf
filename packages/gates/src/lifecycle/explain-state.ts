import type { LifecycleState } from "@gov/schema";
import { compareText } from "../internal/text-order.ts";
import type { CycleState } from "./cycle-state.ts";
import type { LifecycleTable } from "./lifecycle-table.ts";

/** What each state means (LIF-17). */
export const stateMeanings: Readonly<Record<LifecycleState, string>> = {
  PLANNED: "scope defined; tasks and story map drafted",
  READY_FOR_HANDOFF: "scope frozen; gates passed; manifest prepared for sealing",
  PACKAGED: "artifacts packaged and checksummed; manifest sealed and published",
  EXECUTED: "work executed against the sealed plan; deviations recorded",
  VALIDATED: "outcomes measured; parity and coverage verified; acceptance criteria met",
  IMPROVE: "retrospective and improvements queued for the next plan",
};

/** Tells in plain lines where a cycle stands, what that means, which events lead on, and what its gates last said (LIF-17). */
export function explainState(cycle: CycleState, table: LifecycleTable): readonly string[] {
  const { entityId, state, isComplete, gateResults, findings } = cycle;
  const events = isComplete ? [] : table.transitions.filter(({ from }) => from === state);
  return [
    state === null ? `${entityId}: not created` : `${entityId}: ${state}, ${stateMeanings[state]}`,
    ...(isComplete ? ["  complete: the next plan is a new cycle"] : []),
    ...events.map(({ event, to }) => `  ${event} leads to ${to ?? "the end of the cycle"}`),
    ...Object.entries(gateResults)
      .sort(([a], [b]) => compareText(a, b))
      .map(([gate, outcome]) => `  gate ${gate}: ${outcome}`),
    ...findings.map(({ severity, code, message }) => `  ${severity} ${code}: ${message}`),
  ];
}
