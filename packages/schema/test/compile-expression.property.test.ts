import { Environment } from "@marcbachmann/cel-js";
import { compileExpression, type ExpressionType } from "@gov/schema/expression";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const names: Readonly<Record<string, ExpressionType>> = {
  a: "number",
  b: "number",
  flag: "boolean",
  text: "string",
  items: { list: "number" },
};
const reference = new Environment()
  .registerVariable("a", "double")
  .registerVariable("b", "double")
  .registerVariable("flag", "bool")
  .registerVariable("text", "string")
  .registerVariable("items", "list<double>");

const decimal = fc.integer({ min: -40, max: 40 }).map((number) => (number / 4).toFixed(2));
const { number, condition } = fc.letrec<{ number: string; condition: string }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(decimal, fc.constantFrom("a", "b")),
    fc.tuple(tie("number"), fc.constantFrom("+", "-", "*"), tie("number")).map(([left, op, right]) => `(${left} ${op} ${right})`),
    fc.tuple(tie("condition"), tie("number"), tie("number")).map(([test, left, right]) => `(${test} ? ${left} : ${right})`),
  ),
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("flag", "true", "false", "(text == 'x')", "text.contains('a')", "(a in items)"),
    fc.tuple(tie("number"), fc.constantFrom("==", "!=", "<", "<=", ">", ">="), tie("number")).map((parts) => `(${parts.join(" ")})`),
    fc.tuple(tie("condition"), fc.constantFrom("&&", "||"), tie("condition")).map((parts) => `(${parts.join(" ")})`),
    tie("condition").map((test) => `!(${test})`),
    tie("number").map((item) => `items.exists(item, item > ${item})`),
    tie("number").map((item) => `items.all(item, item != ${item})`),
  ),
}));
const inputs = fc.record({
  a: fc.integer({ min: -8, max: 8 }),
  b: fc.double({ min: -8, max: 8, noNaN: true }),
  flag: fc.boolean(),
  text: fc.constantFrom("x", "abc", ""),
  items: fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 4 }),
});

describe("compileExpression()", () => {
  it("gives what the engine gives, where all numbers are written as doubles", () => {
    fc.assert(
      fc.property(fc.oneof(number, condition), inputs, (text, given) => {
        const expected: unknown = reference.evaluate(text, given);
        const compiled = compileExpression(text, {
          names,
          result: typeof expected === "number" ? "number" : "boolean",
        });
        if (!compiled.ok) {
          // Only its cost, and a variable under the name of another, keep a sound expression from being used.
          expect(compiled.findings.map((finding) => finding.message).join()).toMatch(/steps|hides/);
          return;
        }
        const actual = compiled.value.evaluate(given);
        expect(actual.ok && actual.value).toBe(expected === 0 ? 0 : expected);
      }),
      { numRuns: 2_000, seed: 20_240_115 },
    );
  });

  it("never throws, whatever the text", () => {
    const word = fc.constantFrom(
      "a",
      "items",
      "(",
      ")",
      "==",
      "&&",
      "!",
      "-",
      "1",
      "'x'",
      ".",
      "matches",
      "all",
      "sum",
      ",",
      "?",
      ":",
      "[",
      "]",
      "{",
      "in",
      "1e999",
      "b'",
      "\u0000",
      "//",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        expect(typeof compileExpression(words.join(""), { names, result: "boolean" }).ok).toBe("boolean");
        expect(typeof compileExpression(words.join(" "), { names, result: "number" }).ok).toBe("boolean");
      }),
      { numRuns: 3_000, seed: 20_240_115 },
    );
  });
});
