import type { Result } from "../finding.ts";
import type { RulebookSpec } from "../rules.ts";
import { compileExpression, type Expression, type ExpressionOptions } from "./compile-expression.ts";
import type { ExpressionType } from "./expression-type.ts";

/** The tags a rulebook knows, with their values and defaults: `governance.tags` (GOV-01). */
export type TagTaxonomy = RulebookSpec["governance"]["tags"];

/**
 * Compiles the condition of a governance rule: an expression over `tags.<name>`, checked against the taxonomy (GOV-02).
 * A tag that is not in the taxonomy, and a value that a tag never has, are refused at load: no rule stays silently false.
 *
 * @param text - the condition, such as `tags.criticality == 0`.
 * @param taxonomy - the tags that a condition may name; `coerceTags()` makes the values it is evaluated with.
 * @example Ask whether a rule applies
 * ```ts
 * import assert from "node:assert/strict";
 * import { coerceTags, compileCondition } from "@gov/schema/expression";
 *
 * const taxonomy = [{ name: "criticality", values: [0, 1, 2, 3], default: 2 }];
 * const condition = compileCondition("tags.criticality == 0", taxonomy);
 * const tags = coerceTags([{ key: "criticality", value: "0" }], taxonomy);
 * assert.ok(condition.ok && tags.ok);
 * assert.deepEqual(condition.value.evaluate({ tags: tags.value }), { ok: true, value: true, findings: [] });
 * ```
 */
export function compileCondition(
  text: string,
  taxonomy: TagTaxonomy,
  options: Pick<ExpressionOptions<"boolean">, "place"> = {},
): Result<Expression<boolean>> {
  const fields: Record<string, ExpressionType> = Object.create(null) as Record<string, ExpressionType>;
  for (const { name, values } of taxonomy) fields[name] = tagType(values);
  return compileExpression(text, {
    names: { tags: { fields } },
    result: "boolean",
    place: options.place,
  });
}

// A taxonomy that lists both texts and numbers is coerced to text.
function tagType(values: readonly (string | number)[]): ExpressionType {
  if (values.length === 0) return "string";
  return { oneOf: isNumeric(values) ? values : values.map(String) };
}

/** True when every value of a tag is a number, so that `"0"` means 0. */
export function isNumeric(values: readonly (string | number)[]): boolean {
  return values.length > 0 && values.every((value) => typeof value === "number");
}
