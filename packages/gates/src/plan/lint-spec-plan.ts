import { compareFindings, type Finding } from "@gov/schema";
import type { GatesFindingCode } from "../finding-codes.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { sortedUnique } from "../internal/text-order.ts";

/** One specification of a plan that is cut into stages: what it builds, in which phases, on what it stands, and how it ends. */
export interface PlanSpec {
  /** Stage and number, such as `Q1.2`; the stage is what stands before the last point. */
  readonly id: string;
  readonly title: string;
  /** Phases such as `P6.5`. */
  readonly phases: readonly string[];
  /** Ids of the specifications it relies on. */
  readonly reliesOn: readonly string[];
  /** Gates such as `G6.5`, at which it ends. */
  readonly gates: readonly string[];
  /** What its tasks build, such as a command. */
  readonly builds: readonly string[];
  readonly line: number | null;
}

/** What the summary of a plan says about one stage. */
export interface PlanStage {
  readonly id: string;
  /** Numbers of the first and last phase of each range. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
  /** What the stage is said to contain. */
  readonly topics: readonly string[];
  readonly line: number | null;
}

/** A plan cut into stages and specifications, each of which ends at a gate (B-41). */
export interface SpecPlan {
  readonly path: string;
  /** In the order of the document. */
  readonly specs: readonly PlanSpec[];
  readonly stages: readonly PlanStage[];
  /** The chain of dependencies as its overview draws it, link by link. */
  readonly chain: readonly { readonly from: string; readonly to: string; readonly line: number | null }[];
  /** Thresholds that the text sets, by what is measured. */
  readonly measures: readonly { readonly name: string; readonly value: number; readonly line: number | null }[];
}

/**
 * Lints a plan of specifications: ids are used once; reliances resolve, and only on what stands before; a gate ends one specification; each
 * numbered phase has a gate of its number; nothing is built twice; summary and chain say what the specifications say; and a measure has one
 * threshold. All findings, in the order of reports.
 */
export function lintSpecPlan(plan: SpecPlan): readonly Finding[] {
  return [...reliances(plan), ...gates(plan), ...deliverables(plan), ...stages(plan), ...chain(plan), ...measures(plan)].sort(
    compareFindings,
  );
}

function reliances(plan: SpecPlan): readonly Finding[] {
  const places = new Map<string, number>();
  const repeated = plan.specs.flatMap(({ id, line }, index) => {
    if (!places.has(id)) {
      places.set(id, index);
      return [];
    }
    return [at(plan, { code: "GATES_ID_DUPLICATE", message: `Specification "${id}" is used more than once`, line })];
  });
  const wrong = plan.specs.flatMap(({ id, reliesOn, line }, index) =>
    reliesOn.flatMap((other) => {
      const place = places.get(other);
      if (place === undefined)
        return [at(plan, { code: "GATES_PLAN_TASK_UNKNOWN", message: `"${id}" relies on "${other}", which is no specification`, line })];
      if (place < index) return [];
      return [at(plan, { code: "GATES_PLAN_PHASE_ORDER", message: `"${id}" relies on "${other}", which does not stand before it`, line })];
    }),
  );
  return [...repeated, ...wrong];
}

function gates(plan: SpecPlan): readonly Finding[] {
  const users = groupBy(plan.specs, ({ gates: own }) => own);
  const shared = [...users].flatMap(([gate, specs]) => {
    if (specs.length < 2) return [];
    const message = `Gate "${gate}" ends ${specs.map(({ id }) => id).join(", ")}: each needs its own`;
    return [at(plan, { code: "GATES_PLAN_GATE_SHARED", message, line: specs[1]?.line ?? null })];
  });
  const missing = plan.specs.flatMap(({ id, phases, gates: own, line }) =>
    phases.flatMap((phase) => {
      const number = digitsOf(phase);
      if (number === null || own.some((gate) => digitsOf(gate) === number)) return [];
      return [at(plan, { code: "GATES_PLAN_GATE_MISSING", message: `Phase "${phase}" of "${id}" has no gate of its number`, line })];
    }),
  );
  return [...shared, ...missing];
}

function deliverables(plan: SpecPlan): readonly Finding[] {
  return [...groupBy(plan.specs, ({ builds }) => builds)].flatMap(([what, specs]) => {
    if (specs.length < 2) return [];
    const message = `"${what}" is built by ${specs.map(({ id }) => id).join(", ")}: once is enough`;
    return [at(plan, { code: "GATES_PLAN_DELIVERABLE_REPEATED", message, line: specs[1]?.line ?? null })];
  });
}

function stages(plan: SpecPlan): readonly Finding[] {
  const mismatch = (message: string, line: number | null) => at(plan, { code: "GATES_PLAN_SCOPE_MISMATCH", message, line });
  const specs = plan.specs.map((spec) => ({ ...spec, stage: stageOf(spec), words: new Set(wordsOf(spec.title)) }));
  return plan.stages.flatMap(({ id, ranges, topics, line }) => {
    const own = specs.filter(({ stage }) => stage === id);
    const outside = own.flatMap((spec) =>
      spec.phases
        .filter((phase) => !ranges.some(([from, to]) => isWithin(numberOf(phase), { from, to })))
        .map((phase) => mismatch(`"${spec.id}" works on phase "${phase}", which the summary does not give to "${id}"`, spec.line)),
    );
    const elsewhere = topics.flatMap((topic) => {
      const asked = wordsOf(topic);
      const covers = ({ words }: { readonly words: ReadonlySet<string> }) => asked.every((word) => words.has(word));
      if (asked.length === 0 || own.some(covers)) return [];
      return specs
        .filter(covers)
        .map((spec) => mismatch(`The summary gives "${topic}" to "${id}", and it is specification "${spec.id}"`, line));
    });
    return [...outside, ...elsewhere];
  });
}

function chain(plan: SpecPlan): readonly Finding[] {
  const specs = new Map(plan.specs.map((spec) => [spec.id, spec]));
  return plan.chain.flatMap(({ from, to, line }) => {
    if (specs.get(to)?.reliesOn.includes(from) === true) return [];
    const message = `The chain says that "${to}" follows "${from}", which it does not rely on`;
    return [at(plan, { code: "GATES_PLAN_SCOPE_MISMATCH", message, line })];
  });
}

function measures(plan: SpecPlan): readonly Finding[] {
  return [...groupBy(plan.measures, ({ name }) => [name])].flatMap(([name, set]) => {
    const values = sortedUnique(set.map(({ value }) => String(value)));
    if (values.length < 2) return [];
    const other = set.find(({ value }) => value !== set[0]?.value);
    return [
      at(plan, {
        code: "GATES_PLAN_MEASURE_CONFLICT",
        message: `"${name}" has several thresholds: ${values.join(", ")}`,
        line: other?.line ?? null,
      }),
    ];
  });
}

function groupBy<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of sortedUnique(keysOf(item))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}

/** The number behind the letters of `P6.5` or `G12`, as it is written, since `P6.10` is not `P6.1`; null for a word without one. */
function digitsOf(name: string): string | null {
  const [, whole, part = "0"] = /^[A-Z]+([0-9]{1,3})(?:\.([0-9]{1,3}))?$/.exec(name) ?? [];
  return whole === undefined ? null : `${Number(whole)}.${part}`;
}

function numberOf(name: string): number | null {
  const digits = digitsOf(name);
  return digits === null ? null : Number(digits);
}

function isWithin(number: number | null, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return number === null || (number >= from && number <= to);
}

function stageOf({ id }: PlanSpec): string {
  return id.slice(0, Math.max(0, id.lastIndexOf(".")));
}

function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

function at(
  { path }: SpecPlan,
  input: { readonly code: GatesFindingCode; readonly message: string; readonly line: number | null },
): Finding {
  return makeFinding(input.code, input.message, { path, line: input.line });
}
