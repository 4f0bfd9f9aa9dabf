import { type CycleState, foldCycle, isLifecycleEntry, type LifecycleEntry } from "@gov/gates/lifecycle";
import type { Governed } from "./load-governed.ts";
import { eventsOf, type RootLog } from "./root-log.ts";

/** Ids of all cycles that the log speaks of, sorted. */
export function cycleIds(log: RootLog): readonly string[] {
  return [...new Set(lifecycleEntries(log).map(({ payload }) => payload.entity_id))].sort();
}

/** Where a cycle stands: a fold over the log. */
export function cycleState({ rules }: Governed, log: RootLog, cycle: string): CycleState {
  return foldCycle(lifecycleEntries(log), { entityId: cycle, table: rules.preset.lifecycle });
}

/** A cycle as programs read it. */
export function cycleData({ entityId, state, isComplete, gateResults }: CycleState): Readonly<Record<string, unknown>> {
  const sorted = Object.keys(gateResults)
    .sort()
    .map((gate) => [gate, gateResults[gate]]);
  return { id: entityId, state, isComplete, gateResults: Object.fromEntries(sorted) };
}

function lifecycleEntries(log: RootLog): readonly LifecycleEntry[] {
  return eventsOf(log).flatMap((event) => (isLifecycleEntry(event) ? [event] : []));
}
