import type { Finding, LifecycleState } from "@gov/schema";
import { gateConfigDigest } from "../gate-config-digest.ts";
import { canonicalGateName } from "../gate-name.ts";
import { type GateOutcome, isPassing } from "../gate-outcome.ts";
import { type Evidence, subjectDigest } from "../evidence.ts";
import type { GateReport, GateResult } from "../gate-report.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type GateConfigs, gateConfigs } from "../select-gates.ts";
import { type CycleState, foldCycle } from "./cycle-state.ts";
import type { EntryMetadata, LifecycleEntry } from "./lifecycle-entry.ts";
import { exitCriteria, isForward } from "./exit-criteria.ts";
import { findEdge, type LifecycleEdge, type LifecycleTable } from "./lifecycle-table.ts";
import { manifestPublished } from "./state-guards.ts";
import { transitionGates } from "./transition-gates.ts";

/** The rules a transition is decided under, and what it is decided on. */
export interface PlanTransitionOptions {
  readonly table: LifecycleTable;
  /** The gates in force; those that the edge triggers must have passed. */
  readonly gates: GateConfigs;
  /** Null when no gate was run; enough only for an edge that requires none. */
  readonly report: GateReport | null;
  /** The evidence as it stands now: guards are judged on it, and a report on anything else is stale. Null when nothing was collected. */
  readonly evidence: Evidence | null;
  /**
   * The state at which the stream seals: no step forward leaves it without a sealed and published manifest, since nothing is sealed later (B-05).
   * @default none
   */
  readonly sealAt?: LifecycleState | undefined;
  /** Sequence number of the log's last entry when the state was folded; the append must expect it. */
  readonly seq: number;
  /** Who or what sent the event. @default "system" */
  readonly triggeredBy?: string | undefined;
}

/** A decision to append, and the state after it; or every reason why the cycle stays where it is. */
export type TransitionPlan =
  | { readonly ok: true; readonly entries: readonly LifecycleEntry[]; readonly expectedSeq: number; readonly next: CycleState }
  | {
      readonly ok: false;
      readonly findings: readonly Finding[];
      /** What to record all the same: the results of the gates that kept the state (B-04); none for an event the state does not know. */
      readonly entries: readonly LifecycleEntry[];
      readonly expectedSeq: number;
    };

/**
 * Decides whether an event moves a cycle on; pure, in the order of c22 §4.1: the edge first, then its gates (LIF-13, LIF-15).
 *
 * The caller appends `entries` with `expectedSeq`: that one append both persists and emits, a crash before it leaves the old state, a
 * lost race is a conflict and is decided again. An event without an edge gives `GATES_INVALID_TRANSITION`, whose message is
 * `PLANNED -> EXECUTED`. Each gate that the edge requires must be `PASS` or `WAIVED` in a report on the same evidence under the same
 * configuration; otherwise the state is kept and the gates' results are recorded (B-04). A step forward also needs the guards of the
 * state it enters: `EXECUTED` a published manifest and the change log, `VALIDATED` criteria, evidence and a status of each task (LIF-16).
 * Going back is an explicit event.
 *
 * @throws RangeError when `seq` is not a whole number, or the table has two edges for one source and event.
 * @example Create a plan, then try to skip ahead
 * ```ts
 * import assert from "node:assert/strict";
 * import { initialState, planTransition } from "@gov/gates/lifecycle";
 * import { presets } from "@gov/schema/presets";
 *
 * const rules = { table: presets.be.lifecycle, gates: presets.be.gates, report: null, evidence: null };
 * const created = planTransition(initialState("PLN-BE-2024-01"), "create_plan", { ...rules, seq: 0 });
 * assert(created.ok);
 * assert.equal(created.entries[0]?.type, "PLAN_CREATED");
 * const skipped = planTransition(created.next, "begin_execution", { ...rules, seq: 1 });
 * assert(!skipped.ok);
 * assert.equal(skipped.findings[0]?.message, "PLANNED -> EXECUTED");
 * ```
 */
export function planTransition(cycle: CycleState, event: string, options: PlanTransitionOptions): TransitionPlan {
  const { table, gates, report, seq, triggeredBy = "system" } = options;
  if (!Number.isSafeInteger(seq)) throw new RangeError(`Cannot plan a transition: seq must be a whole number, and is ${seq}`);
  const edge = cycle.isComplete ? null : findEdge(table, cycle.state, event);
  if (edge === null) return { ok: false, findings: [invalidTransition(cycle, { event, table })], entries: [], expectedSeq: seq };

  const { required, computed } = transitionGates(gates, edge);
  const results = new Map((report?.gates ?? []).map((gate) => [canonicalGateName(gate.name), gate]));
  const outcomesOf = (names: readonly string[]) =>
    Object.fromEntries(
      names.flatMap((name): [string, GateOutcome][] => (results.has(name) ? [[name, (results.get(name) as GateResult).outcome]] : [])),
    );
  const metadata: EntryMetadata = {
    event,
    triggered_by: triggeredBy,
    gate_results: outcomesOf(required),
    subject_digest: required.length === 0 ? null : (report?.subject.digest ?? null),
  };
  const record = (names: readonly string[]) =>
    Object.entries(outcomesOf(names)).map(([gate, outcome]): LifecycleEntry => ({
      type: "GATE_RESULT",
      payload: { entity_id: cycle.entityId, gate, outcome, metadata },
    }));
  const findings = [...gateFindings(cycle, { required, results, edge, options }), ...guardFindings(edge, options)];
  if (findings.length > 0) return { ok: false, findings, entries: record(required), expectedSeq: seq };
  const entries = [...record(computed), entryOf(edge, { entityId: cycle.entityId, metadata })];
  const next = foldCycle(entries, { entityId: cycle.entityId, table, from: cycle });
  return { ok: true, entries, expectedSeq: seq, next };
}

/** What the entry of a state asks for beside its gates, whatever they are configured to (LIF-16). */
function guardFindings(edge: LifecycleEdge, { gates, report, evidence, sealAt }: PlanTransitionOptions): readonly Finding[] {
  if (edge.to === null || !isForward(edge)) return [];
  const { criteria } = exitCriteria(edge.to, { gates, report, evidence });
  const asked = criteria.filter(({ name, isRequired }) => isRequired && !name.startsWith("gate:"));
  const isAsked = asked.some(({ name }) => name === manifestPublished.name);
  if (edge.from === sealAt && !isAsked)
    asked.push({ name: manifestPublished.name, isRequired: true, problem: manifestPublished.judge({ gates, report, evidence }) });
  return asked
    .filter(({ problem }) => problem !== null)
    .map(({ name, problem }) =>
      makeFinding("GATES_GUARD_UNMET", `Cannot go ${String(edge.from)} -> ${String(edge.to)}: ${name}: ${String(problem)}`),
    );
}

function invalidTransition(cycle: CycleState, input: { readonly event: string; readonly table: LifecycleTable }): Finding {
  const { event, table } = input;
  const from = cycle.isComplete ? "[*]" : (cycle.state ?? "[*]");
  const targets = new Set(table.transitions.filter((edge) => edge.event === event).map(({ to }) => to ?? "[*]"));
  const to = targets.size === 0 ? "?" : [...targets].join(" or ");
  const known = cycle.isComplete ? [] : table.transitions.filter((edge) => edge.from === cycle.state).map((edge) => `"${edge.event}"`);
  const hint = cycle.isComplete
    ? `The cycle is complete, and "${event}" leads nowhere: create a plan in a new cycle`
    : `"${event}" is no event of this state: expected ${known.length === 0 ? "none, the lifecycle leads no further" : known.join(", ")}`;
  return makeFinding("GATES_INVALID_TRANSITION", `${from} -> ${to}`, { hint });
}

interface GateQuestion {
  readonly required: readonly string[];
  readonly results: ReadonlyMap<string, GateResult>;
  readonly edge: LifecycleEdge;
  readonly options: PlanTransitionOptions;
}

function gateFindings(cycle: CycleState, { required, results, edge, options }: GateQuestion): readonly Finding[] {
  if (required.length === 0) return [];
  const { report, evidence, gates } = options;
  const step = `${String(edge.from)} -> ${String(edge.to)}`;
  if (report === null) return [makeFinding("GATES_REPORT_MISSING", `Cannot go ${step}: no report on ${required.join(", ")}`)];
  if (report.subject.id !== cycle.entityId || evidence === null || report.subject.digest !== subjectDigest(evidence)) {
    return [
      makeFinding("GATES_REPORT_STALE", `Cannot go ${step}: the report is not about "${cycle.entityId}" as it stands now`, {
        hint: "Run the gates again",
      }),
    ];
  }
  return required.flatMap((name) => {
    const result = results.get(name);
    if (result === undefined)
      return [makeFinding("GATES_REPORT_MISSING", `Cannot go ${step}: the report says nothing about gate "${name}"`)];
    if (!gateConfigs(gates, name).every((config) => gateConfigDigest(config) === result.configDigest)) {
      return [
        makeFinding("GATES_REPORT_STALE", `Cannot go ${step}: gate "${name}" was run under another configuration`, {
          hint: "Run the gates again",
        }),
      ];
    }
    if (isPassing(result.outcome)) return [];
    const hint = result.failureAction ?? undefined;
    return [makeFinding("GATES_GATE_NOT_PASSED", `Cannot go ${step}: gate "${name}" is ${result.outcome}`, { hint })];
  });
}

function entryOf(
  { from, to }: LifecycleEdge,
  { entityId, metadata }: { readonly entityId: string; readonly metadata: EntryMetadata },
): LifecycleEntry {
  if (to === null) return { type: "cycle_complete", payload: { entity_id: entityId, metadata } };
  if (from === null) return { type: "PLAN_CREATED", payload: { entity_id: entityId, state: to, metadata } };
  return { type: "STATE_TRANSITION", payload: { entity_id: entityId, from_state: from, to_state: to, metadata } };
}

/** The event that leads from one state to another, for callers who know the target; null when none or several do (LIF-13). */
export function eventFor(
  table: LifecycleTable,
  edge: { readonly from: LifecycleState | null; readonly to: LifecycleState | null },
): string | null {
  const [found, another] = table.transitions.filter(({ from, to }) => from === edge.from && to === edge.to);
  return found !== undefined && another === undefined ? found.event : null;
}
