import type { Finding, LifecycleState } from "@gov/schema";
import { type GateOutcome, isPassing } from "../gate-outcome.ts";
import { makeFinding } from "../internal/make-finding.ts";
import type { LifecycleEntry } from "./lifecycle-entry.ts";
import { findEdge, type LifecycleTable } from "./lifecycle-table.ts";

/** Where a cycle stands: a fold over its entries, never a value of its own. */
export interface CycleState {
  /** Id of the cycle. */
  readonly entityId: string;
  /** Null before the plan is created; a complete cycle keeps its last state. */
  readonly state: LifecycleState | null;
  /** True once `cycle_complete` was recorded: nothing leads on from here, the next plan is a new cycle (LIF-08). */
  readonly isComplete: boolean;
  /** Last recorded outcome per gate. */
  readonly gateResults: Readonly<Record<string, GateOutcome>>;
  /** Entries that were not allowed where they stand; they changed nothing. */
  readonly findings: readonly Finding[];
}

/** A cycle before its plan exists. */
export function initialState(entityId: string): CycleState {
  return { entityId, state: null, isComplete: false, gateResults: {}, findings: [] };
}

/**
 * Folds the entries of a log into the state of one cycle, in the order of the log; entries of other cycles are passed over. An entry
 * that the table does not allow where it stands, or that moves on although a gate did not pass, is a finding (`GATES_ENTRY_INVALID`)
 * and changes nothing (LIF-15, LIF-21).
 *
 * @param options.from - the state to go on from, such as that of a restored snapshot. @default the state before the plan exists
 */
export function foldCycle(
  entries: readonly LifecycleEntry[],
  options: { readonly entityId: string; readonly table: LifecycleTable; readonly from?: CycleState | undefined },
): CycleState {
  const { entityId, table, from = initialState(entityId) } = options;
  const own = entries.filter(({ payload }) => payload.entity_id === entityId);
  return own.reduce((state, entry) => applyEntry(state, { entry, table }), from);
}

/** The state after one more entry of the same cycle. */
export function applyEntry(cycle: CycleState, input: { readonly entry: LifecycleEntry; readonly table: LifecycleTable }): CycleState {
  const { entry, table } = input;
  if (entry.type === "GATE_RESULT") return { ...cycle, gateResults: { ...cycle.gateResults, [entry.payload.gate]: entry.payload.outcome } };
  const { metadata } = entry.payload;
  const problem = problemOf(cycle, { entry, table });
  if (problem !== null) {
    const finding = makeFinding(
      "GATES_ENTRY_INVALID",
      `Entry ${entry.type} by "${metadata.event}" of "${cycle.entityId}" changes nothing: ${problem}`,
    );
    return { ...cycle, findings: [...cycle.findings, finding] };
  }
  const gateResults = { ...cycle.gateResults, ...metadata.gate_results };
  const target = targetOf(entry);
  return target === null ? { ...cycle, gateResults, isComplete: true } : { ...cycle, gateResults, state: target };
}

function problemOf(cycle: CycleState, input: { readonly entry: LifecycleEntry; readonly table: LifecycleTable }): string | null {
  const { entry, table } = input;
  const { metadata } = entry.payload;
  if (cycle.isComplete) return "the cycle is complete";
  if (entry.type === "STATE_TRANSITION" && entry.payload.from_state !== cycle.state) {
    return `it leaves ${entry.payload.from_state}, and the cycle is in ${cycle.state ?? "no state"}`;
  }
  const edge = findEdge(table, cycle.state, metadata.event);
  if (edge === null || edge.to !== targetOf(entry) || (edge.from === null) !== (entry.type === "PLAN_CREATED")) {
    return `the lifecycle has no such edge from ${cycle.state ?? "[*]"}`;
  }
  const failed = Object.entries(metadata.gate_results).find(([, outcome]) => !isPassing(outcome));
  return failed === undefined ? null : `gate "${failed[0]}" is ${failed[1]}`;
}

function targetOf(entry: LifecycleEntry): LifecycleState | null {
  if (entry.type === "PLAN_CREATED") return entry.payload.state;
  return entry.type === "STATE_TRANSITION" ? entry.payload.to_state : null;
}
