import type { Result } from "../finding.ts";
import { compileExpression, type Expression, type ExpressionOptions } from "./compile-expression.ts";

/** What a KPI is computed from: each input is one number, or a list of `numbers`. */
export type FormulaInputs = Readonly<Record<string, "number" | "numbers">>;

/**
 * Compiles the formula of a KPI, checked against the inputs that are collected (KPI-02..06).
 * A result that does not exist (nothing to divide by, an average of nothing) is a finding, never 0.
 *
 * @param text - the formula, such as `sum(completed_points) / cycle_days`.
 * @param inputs - every name the formula may use.
 * @example Compute the velocity of a cycle
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileFormula } from "@gov/schema/expression";
 *
 * const formula = compileFormula("sum(completed_points) / cycle_days", { completed_points: "numbers", cycle_days: "number" });
 * assert.ok(formula.ok);
 * assert.deepEqual(formula.value.evaluate({ completed_points: [8, 13], cycle_days: 14 }), { ok: true, value: 1.5, findings: [] });
 * ```
 */
export function compileFormula(
  text: string,
  inputs: FormulaInputs,
  options: Pick<ExpressionOptions<"number">, "place"> = {},
): Result<Expression<number>> {
  const names = Object.fromEntries(
    Object.entries(inputs).map(([name, type]) => [name, type === "numbers" ? ({ list: "number" } as const) : ("number" as const)]),
  );
  return compileExpression(text, {
    names,
    result: "number",
    place: options.place,
  });
}
