import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { canonicalJson } from "@gov/schema/canonical";
import { evaluateKpis, type KpiInputs, type KpiResult } from "./evaluate-kpis.ts";
import type { KpiDefinition } from "./kpi-definitions.ts";

/**
 * Returns a record of computed KPIs as canonical JSON: formula, actual value, and every input with where it was read. Whoever has the record can compute it
 * again, and gets the same bytes (MET-09).
 */
export function renderKpiRecord(kpis: readonly KpiResult[]): string {
  const rows = kpis.map(({ id, unit, direction, target, formula, actual, inputs }) => ({
    id,
    unit,
    direction,
    target,
    formula,
    actual,
    inputs,
  }));
  return canonicalJson({ v: 1, kpis: rows as unknown as readonly JsonObject[] });
}

/**
 * True when a record's values follow from its own formulas and inputs, to the byte. A record that was edited, or is none, does not.
 *
 * @example Compute a record again
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluateKpis, holdsKpiRecord, renderKpiRecord, shippedKpis } from "@gov/telemetry/kpi";
 *
 * const stated = (value) => ({ value, source: null });
 * const { kpis } = evaluateKpis(shippedKpis.c22, { inputs: { gates_passed: stated(3), total_gates: stated(4) } });
 * const record = renderKpiRecord(kpis);
 * assert.equal(holdsKpiRecord(record), true);
 * assert.equal(holdsKpiRecord(record.replace('"actual":75', '"actual":95')), false);
 * ```
 */
export function holdsKpiRecord(record: string): boolean {
  try {
    const value = JSON.parse(record) as JsonValue;
    const rows = isJsonObject(value) ? value["kpis"] : undefined;
    if (!Array.isArray(rows)) return false;
    const results = (rows as unknown as readonly KpiResult[]).map((row) => {
      const types = Object.entries(row.inputs).map(([name, input]) => [name, Array.isArray(input.value) ? "numbers" : "number"] as const);
      const { id, unit, direction, target, formula } = row;
      const definition: KpiDefinition = { id, unit, direction, target, formula, inputs: Object.fromEntries(types) };
      return evaluateKpis([definition], { inputs: row.inputs satisfies KpiInputs }).kpis;
    });
    return renderKpiRecord(results.flat()) === record;
  } catch {
    return false;
  }
}
