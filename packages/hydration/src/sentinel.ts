import type { Finding, HydrationSpec, JsonValue } from "@gov/schema";
import type { Candidate } from "./candidate.ts";
import type { HydrationEvent } from "./hydration-event.ts";
import { shuffle } from "./internal/shuffle.ts";
import { compareCodeUnits } from "./internal/text-order.ts";
import { selectAll, type Selection, type SelectionTrace } from "./select-artifact.ts";

/** One way to hand the same candidates to a selection. */
export interface SentinelInput {
  /** Tells the order, for the alert: `as given`, `reversed` or `shuffle 3`. */
  readonly name: string;
  readonly candidates: readonly Candidate[];
}

/** What a selection gave under some order, locale and time zone. */
export interface SentinelRun {
  /** Tells the circumstances, for the alert: `shuffle 3, de-DE, Asia/Tokyo`. */
  readonly name: string;
  /** By id; selections may come from another process, so only what JSON carries is compared. */
  readonly selections: ReadonlyMap<string, Selection>;
}

/** An id for which two runs differ, with the trace of either. */
export interface SentinelDifference {
  readonly id: string;
  readonly runs: readonly [string, string];
  /** Null when a run did not have the id at all. */
  readonly traces: readonly [readonly SelectionTrace[] | null, readonly SelectionTrace[] | null];
}

/** Whether a selection depends on what it must not depend on. */
export interface SentinelReport {
  readonly ok: boolean;
  /** Every id that differs from the first run in another, by id: the first such run is told. */
  readonly differences: readonly SentinelDifference[];
  /** The alert to raise, with the traces of the first difference; null when there is none (ALR-03). */
  readonly event: HydrationEvent | null;
  readonly findings: readonly Finding[];
}

/** The same candidates in many orders: as given, reversed, and shuffled as often as asked; the same orders for the same seed. */
export function sentinelInputs(
  candidates: readonly Candidate[],
  options: { readonly seed: number; readonly shuffles: number },
): readonly SentinelInput[] {
  const { seed, shuffles } = options;
  return [
    { name: "as given", candidates },
    { name: "reversed", candidates: candidates.toReversed() },
    ...Array.from({ length: shuffles }, (_, index): SentinelInput => ({
      name: `shuffle ${index + 1}`,
      candidates: shuffle(candidates, seed + index),
    })),
  ];
}

/**
 * Compares what a selection gave under different circumstances (HYD-03): every run must agree with the first in outcome, winner, rule
 * and trace. Runs under other locales and time zones come from processes started with them, which no library may do itself.
 */
export function compareSentinelRuns(runs: readonly SentinelRun[]): SentinelReport {
  const [first, ...others] = runs;
  if (first === undefined) return { ok: true, differences: [], event: null, findings: [] };
  const differences = new Map<string, SentinelDifference>();
  for (const run of others) {
    for (const id of new Set([...first.selections.keys(), ...run.selections.keys()])) {
      const [here, there] = [first.selections.get(id), run.selections.get(id)];
      if (differences.has(id) || JSON.stringify(here) === JSON.stringify(there)) continue;
      differences.set(id, { id, runs: [first.name, run.name], traces: [here?.trace ?? null, there?.trace ?? null] });
    }
  }
  const sorted = [...differences.values()].sort((a, b) => compareCodeUnits(a.id, b.id));
  const [worst] = sorted;
  if (worst === undefined) return { ok: true, differences: [], event: null, findings: [] };
  return { ok: false, differences: sorted, event: eventOf(worst, sorted.length), findings: sorted.map(findingOf) };
}

/**
 * Selects the same candidates in many orders and compares the results (HYD-03, ALR-03).
 *
 * @throws what {@link selectAll} throws.
 * @example The order of the files decides nothing
 * ```ts
 * import assert from "node:assert/strict";
 * import { runSentinel } from "@gov/hydration";
 * import { presets } from "@gov/schema/presets";
 *
 * const file = (path, digit) => ({ id: "PLN-1", path, version: null, status: "review", commitTime: 1, digest: `sha256:${digit.repeat(64)}` });
 * const report = runSentinel([file("a.md", "a"), file("b.md", "b")], presets.be.hydration, { seed: 1, shuffles: 20 });
 * assert.equal(report.ok, true);
 * assert.equal(report.event, null);
 * ```
 */
export function runSentinel(
  candidates: readonly Candidate[],
  spec: HydrationSpec,
  options: {
    readonly seed: number;
    readonly shuffles: number;
    /** The selection under watch. @default selectAll */
    readonly select?: ((candidates: readonly Candidate[], spec: HydrationSpec) => ReadonlyMap<string, Selection>) | undefined;
  },
): SentinelReport {
  const { select = selectAll } = options;
  const inputs = sentinelInputs(candidates, options);
  return compareSentinelRuns(inputs.map((input) => ({ name: input.name, selections: select(input.candidates, spec) })));
}

function eventOf({ id, runs, traces }: SentinelDifference, count: number): HydrationEvent {
  const side = (index: 0 | 1): JsonValue => ({ run: runs[index], trace: traces[index]?.map((entry) => ({ ...entry })) ?? null });
  return { name: "hydration.nondeterministic", fields: { subject: id, differences: count, first: side(0), second: side(1) } };
}

function findingOf({ id, runs: [here, there] }: SentinelDifference): Finding {
  return {
    code: "HYDRATION_NONDETERMINISM",
    severity: "error",
    message: `The selection of "${id}" differs between runs "${here}" and "${there}" over the same candidates`,
    path: null,
    line: null,
    column: null,
    hint: "Do not rely on any selection until this is mended; the event has both traces",
  };
}
