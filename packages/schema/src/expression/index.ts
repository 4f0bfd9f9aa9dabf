/**
 * One safe evaluator for governance conditions and KPI formulas.
 *
 * @packageDocumentation
 */
export { coerceTags, type CoerceTagsOptions } from "./coerce-tags.ts";
export { compileCondition } from "./compile-condition.ts";
export {
  compileExpression,
  type Expression,
  type ExpressionOptions,
  maxExpressionCost,
  maxExpressionLength,
} from "./compile-expression.ts";
export { compileFormula, type FormulaInputs } from "./compile-formula.ts";
export { type ExpressionType } from "./expression-type.ts";
export type { TagTaxonomy } from "./tag-taxonomy.ts";
