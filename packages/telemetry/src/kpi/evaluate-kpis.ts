import type { Finding } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import { compileFormula } from "@gov/schema/expression";
import type { TelemetryFindingCode } from "../finding-codes.ts";
import { meetsTarget } from "../internal/meets-target.ts";
import { inputAliases, type KpiDefinition } from "./kpi-definitions.ts";

/** A number that goes into a KPI, and where it was read, so that anybody can look it up again (MET-09). */
export interface KpiInput {
  /** Null while nobody has it. */
  readonly value: number | readonly number[] | null;
  /** File it was read from and the digest of its bytes; null for what somebody stated. */
  readonly source: { readonly path: string; readonly digest: Digest } | null;
}

/** Inputs by name. */
export type KpiInputs = Readonly<Record<string, KpiInput>>;

/** Values of earlier cycles, latest first: actual value by KPI, null where it was missing. */
export type EarlierCycles = readonly Readonly<Record<string, number | null>>[];

/** Where a KPI goes against the mean of earlier cycles; null without any. */
export type Trend = "→" | "↑" | "↓" | null;

/** A KPI computed. */
export interface KpiResult {
  readonly id: string;
  readonly unit: string;
  readonly direction: KpiDefinition["direction"];
  readonly target: number | null;
  readonly formula: string;
  /** Null while an input is missing, or the formula has no value for them. */
  readonly actual: number | null;
  /** Null while the actual value or the target is. */
  readonly isMet: boolean | null;
  /** Against the cycle before; null when either is missing. */
  readonly delta: number | null;
  readonly trend: Trend;
  /** The inputs used, by the name in the formula. */
  readonly inputs: KpiInputs;
  /** Names of the inputs that are missing. */
  readonly missing: readonly string[];
}

/** Cycles that a trend looks back on (DIG-06). */
export const trendCycles = 3;
/** A change of less than this share of the mean is none. */
const trendThreshold = 0.01;

/**
 * Computes KPIs from inputs (KPI-01 to KPI-11). What is missing stays missing: a KPI without all its inputs, or whose formula divides by nothing, is null with a
 * finding, never 0 (DIG-08). Pure: the same inputs give the same results.
 *
 * @throws RangeError when a formula cannot be compiled against its inputs; definitions are configuration, to be checked when they are loaded.
 * @example Compute the velocity of a cycle
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluateKpis, shippedKpis } from "@gov/telemetry/kpi";
 *
 * const stated = (value) => ({ value, source: null });
 * const { kpis } = evaluateKpis(shippedKpis.c22, { inputs: { completed_points: stated([8, 13]), cycle_days: stated(14) }, earlier: [{ planning_velocity: 1 }] });
 * const [velocity, gates] = kpis;
 * assert.deepEqual([velocity.actual, velocity.isMet, velocity.delta, velocity.trend], [1.5, true, 0.5, "↑"]);
 * assert.deepEqual([gates.actual, gates.missing], [null, ["gates_passed", "total_gates"]]);
 * ```
 */
export function evaluateKpis(
  definitions: readonly KpiDefinition[],
  { inputs, earlier = [] }: { readonly inputs: KpiInputs; readonly earlier?: EarlierCycles | undefined },
): { readonly kpis: readonly KpiResult[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const kpis = definitions.map((definition) => {
    const { id, unit, direction, target, formula } = definition;
    const used = Object.fromEntries(
      Object.keys(definition.inputs)
        .sort()
        .map((name) => [name, findInput(inputs, name)]),
    );
    const missing = Object.keys(used).filter((name) => used[name]?.value === null);
    if (missing.length > 0) findings.push(noteOf("TELEMETRY_KPI_INPUT_MISSING", `"${id}" is n/a: ${missing.join(", ")} missing`));
    const actual = missing.length > 0 ? null : compute(definition, { used, findings });
    const before = earlier.slice(0, trendCycles).map((cycle) => (Object.hasOwn(cycle, id) ? (cycle[id] ?? null) : null));
    const last = before[0] ?? null;
    return {
      ...{ id, unit, direction, target, formula, actual },
      isMet: actual === null || target === null ? null : meetsTarget(actual, { target, direction }),
      delta: actual === null || last === null ? null : actual - last,
      trend: trendOf(actual, before),
      inputs: used,
      missing,
    };
  });
  return { kpis, findings };
}

/** Where a value goes against the mean of those before; within one percent of it, it stays. */
export function trendOf(actual: number | null, before: readonly (number | null)[]): Trend {
  const known = before.filter((value): value is number => value !== null && Number.isFinite(value));
  if (actual === null || !Number.isFinite(actual) || known.length === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const change = actual - mean;
  return Math.abs(change) <= Math.abs(mean) * trendThreshold ? "→" : change > 0 ? "↑" : "↓";
}

function findInput(inputs: KpiInputs, name: string): KpiInput {
  const names = [name, ...(Object.hasOwn(inputAliases, name) ? (inputAliases[name] ?? []) : [])];
  const found = names.find((one) => Object.hasOwn(inputs, one) && inputs[one]?.value !== null);
  return (found === undefined ? undefined : inputs[found]) ?? { value: null, source: null };
}

function compute(definition: KpiDefinition, { used, findings }: { readonly used: KpiInputs; readonly findings: Finding[] }): number | null {
  const { id, formula, inputs } = definition;
  const compiled = compileFormula(formula, inputs);
  if (!compiled.ok) throw new RangeError(`Cannot compute "${id}": ${compiled.findings[0]?.message ?? "its formula does not hold"}`);
  const result = compiled.value.evaluate(Object.fromEntries(Object.entries(used).map(([name, { value }]) => [name, value])));
  if (result.ok) return Object.is(result.value, -0) ? 0 : result.value;
  findings.push(noteOf("TELEMETRY_KPI_NOT_COMPUTABLE", `"${id}" is n/a: ${result.findings[0]?.message ?? "its formula has no value"}`));
  return null;
}

function noteOf(code: TelemetryFindingCode, message: string): Finding {
  return { code, severity: "warning", message, path: null, line: null, column: null };
}
