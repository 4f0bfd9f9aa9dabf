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
 * @param options.from - the state of the same cycle to go on from, such as that of a restored snapshot. @default the state before the plan exists
 * @throws RangeError when `from` is the state of another cycle, or the table has two edges for one source and event.
 */
export function foldCycle(
  entries: readonly LifecycleEntry[],
  options: { readonly entityId: string; readonly table: LifecycleTable; readonly from?: CycleState | undefined },
): CycleState {
  const { entityId, table, from = initialState(entityId) } = options;
  if (from.entityId !== entityId) throw new RangeError(`Cannot fold "${entityId}" from the state of "${from.entityId}"`);
  let { state, isComplete } = from;
  const gateResults = new Map(Object.entries(from.gateResults));
  const findings = [...from.findings];
  for (const entry of entries) {
    if (entry.payload.entity_id !== entityId) continue;
    if (entry.type === "GATE_RESULT") {
      gateResults.set(entry.payload.gate, entry.payload.outcome);
      continue;
    }
    const { metadata } = entry.payload;
    const problem = problemOf({ state, isComplete }, { entry, table });
    if (problem !== null) {
      const message = `Entry ${entry.type} by "${metadata.event}" of "${entityId}" changes nothing: ${problem}`;
      findings.push(makeFinding("GATES_ENTRY_INVALID", message));
      continue;
    }
    for (const [gate, outcome] of Object.entries(metadata.gate_results)) gateResults.set(gate, outcome);
    const target = targetOf(entry);
    if (target === null) isComplete = true;
    else state = target;
  }
  return { entityId, state, isComplete, gateResults: Object.fromEntries(gateResults), findings };
}

function problemOf(
  cycle: Pick<CycleState, "isComplete" | "state">,
  input: { readonly entry: LifecycleEntry; readonly table: LifecycleTable },
): string | null {
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
