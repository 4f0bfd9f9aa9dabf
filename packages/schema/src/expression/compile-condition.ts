import type { Result } from "../finding.ts";
import { compileExpression, type Expression, type ExpressionOptions } from "./compile-expression.ts";
import type { ExpressionType } from "./expression-type.ts";
import { type TagDefinition, tagDefinitions, type TagTaxonomy } from "./tag-taxonomy.ts";

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
  for (const [name, definition] of tagDefinitions(taxonomy)) fields[name] = tagType(definition);
  return compileExpression(text, {
    names: { tags: { fields } },
    result: "boolean",
    place: options.place,
  });
}

// A tag that may be both text and a number is coerced to text. What it is unless written it is, too.
function tagType({ values, default: plain, isNumeric }: TagDefinition): ExpressionType {
  if (values.length === 0) return "string";
  return { oneOf: [...new Set([...(isNumeric ? values : values.map(String)), plain])] };
}
