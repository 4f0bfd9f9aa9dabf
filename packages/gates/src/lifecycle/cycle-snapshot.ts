import { isJsonObject, type JsonObject, type JsonValue, type Result, severities } from "@gov/schema";
import { gateOutcomes } from "../gate-outcome.ts";
import { makeFinding } from "../internal/make-finding.ts";
import type { CycleState } from "./cycle-state.ts";
import { lifecycleStates } from "./lifecycle-states.ts";

/** Which lifecycle a state was folded under: the name and version of its preset. */
export type LifecycleMachine = { readonly id: string; readonly version: number };

/** The state of a cycle at one place of the log, so that a fold need not begin at the first entry. Format version 1. */
export type CycleSnapshot = {
  readonly version: 1;
  readonly machine: LifecycleMachine;
  /** Sequence number of the last entry that was folded. */
  readonly seq: number;
  readonly cycle: CycleState;
};

/**
 * Takes a snapshot of a folded state. It names the machine it was folded under: another version of a lifecycle may give another state.
 *
 * @throws RangeError when `seq` is not a whole number from 0.
 */
export function snapshotCycle(cycle: CycleState, options: { readonly machine: LifecycleMachine; readonly seq: number }): CycleSnapshot {
  const { machine, seq } = options;
  if (!Number.isSafeInteger(seq) || seq < 0)
    throw new RangeError(`Cannot take a snapshot: seq must be a whole number from 0, and is ${seq}`);
  return { version: 1, machine, seq, cycle };
}

/**
 * Reads a snapshot back. One of another machine, another version of it, or another format is refused, and the caller folds the log from
 * its beginning: a snapshot only ever saves time.
 */
export function restoreCycle(value: JsonValue, options: { readonly machine: LifecycleMachine }): Result<CycleSnapshot> {
  const { machine } = options;
  const refuse = (problem: string): Result<CycleSnapshot> => ({
    ok: false,
    findings: [makeFinding("GATES_SNAPSHOT_REFUSED", `Cannot use the snapshot: ${problem}`, { hint: "Fold the log from its beginning" })],
  });
  if (!isJsonObject(value) || value["version"] !== 1) return refuse("it is of no format that is known here");
  const { seq, cycle } = value;
  const of = isJsonObject(value["machine"]) ? value["machine"] : {};
  if (of["id"] !== machine.id || of["version"] !== machine.version)
    return refuse(`it is of machine ${nameOf(of)}, and "${machine.id}" ${machine.version} is in force`);
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 0) return refuse("it names no place of the log");
  if (!isJsonObject(cycle) || !isCycle(cycle)) return refuse("its state cannot be read");
  return { ok: true, value: value as unknown as CycleSnapshot, findings: [] };
}

function nameOf({ id, version }: JsonObject): string {
  return `${JSON.stringify(id ?? null)} ${JSON.stringify(version ?? null)}`;
}

function isCycle(cycle: JsonObject): boolean {
  const { entityId, state, isComplete, gateResults, findings } = cycle;
  return (
    typeof entityId === "string" &&
    (state === null || (lifecycleStates as readonly unknown[]).includes(state)) &&
    typeof isComplete === "boolean" &&
    isJsonObject(gateResults) &&
    Object.values(gateResults).every((outcome) => (gateOutcomes as readonly unknown[]).includes(outcome)) &&
    Array.isArray(findings) &&
    findings.every((finding: JsonValue) => isJsonObject(finding) && isFinding(finding))
  );
}

function isFinding({ code, message, severity, path, line, column }: JsonObject): boolean {
  return (
    typeof code === "string" &&
    typeof message === "string" &&
    (severities as readonly unknown[]).includes(severity) &&
    (path === null || typeof path === "string") &&
    [line, column].every((place) => place === null || typeof place === "number")
  );
}
