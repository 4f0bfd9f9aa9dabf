import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import type { Finding, Position, Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { compileNode } from "./compile-node.ts";
import { type CompiledNode, refusedNode } from "./compiled-node.ts";
import { describeType, type ExpressionType, resolveFields } from "./expression-type.ts";

/** Longest expression that is read, in UTF-16 code units. */
export const maxExpressionLength = 4_096;

/** Bounds what an expression may cost: its parts, each counted as often as it can run. */
export const maxExpressionCost = 100_000;

/** What an expression may be compiled against. */
export interface ExpressionOptions<R extends "boolean" | "number"> {
  /** Every name that the expression may use; any other is refused. */
  readonly names: Readonly<Record<string, ExpressionType>>;
  /** What the whole expression gives: a condition is a `boolean`, a formula a `number`. */
  readonly result: R;
  /** Where the expression is written, for its findings. */
  readonly place?:
    | {
        readonly path: string | null;
        readonly at?: Position | null | undefined;
      }
    | undefined;
}

/** An expression that was checked at load and runs any number of times. */
export interface Expression<T extends boolean | number> {
  /** As written. */
  readonly text: string;
  /** Upper bound of the steps one evaluation takes, at most {@link maxExpressionCost}. */
  readonly cost: number;
  /** Gives the value; anything that has none is a finding, never `false` or 0. Only own properties of the inputs are read. */
  readonly evaluate: (inputs: Readonly<Record<string, unknown>>) => Result<T>;
}

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  limits: {
    maxAstNodes: 2_000,
    maxDepth: 100,
    maxListElements: 1_000,
    maxCallArguments: 8,
  },
});

/**
 * Compiles a condition or a formula in the Common Expression Language (CEL), and checks it against the names it may use.
 * Three deviations from CEL, all towards fewer surprises: every number is a double, integer literals included; a division by zero and
 * every result that is not finite is an error; `&&`, `||` and `?:` run from left to right and hide no error that they meet.
 * Beyond CEL's operators there are `sum avg min max count percentile` of a list of numbers, and `matches` runs in linear time.
 * No text is ever evaluated as code, and what an expression can cost is bounded before it runs (GOV-02, KPI-02).
 *
 * @returns every reason why the expression cannot be used: syntax, unknown names, types that do not fit, cost.
 * @throws TypeError when a declared type is none.
 * @example Compute a KPI
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileExpression } from "@gov/schema/expression";
 *
 * const formula = compileExpression("(done / total) * 100", { names: { done: "number", total: "number" }, result: "number" });
 * assert.ok(formula.ok);
 * assert.deepEqual(formula.value.evaluate({ done: 3, total: 4 }), { ok: true, value: 75, findings: [] });
 * assert.equal(formula.value.evaluate({ done: 0, total: 0 }).ok, false);
 * ```
 */
export function compileExpression<R extends "boolean" | "number">(
  text: string,
  options: ExpressionOptions<R>,
): Result<Expression<R extends "boolean" ? boolean : number>> {
  type Value = R extends "boolean" ? boolean : number;
  const { names, result, place = { path: null } } = options;
  const findings: Finding[] = [];
  const refuse = (message: string, hint?: string): CompiledNode => {
    findings.push(makeFinding("SCHEMA_EXPRESSION", `Cannot use ${quote(text)}: ${message}`, { ...place, hint }));
    return refusedNode;
  };
  const declared = resolveFields(names);
  const tree = parse(text, refuse);
  if (tree === null) return { ok: false, findings };
  const node = compileNode(tree, { names: declared, variables: [], refuse });
  if (findings.length === 0 && node.type.kind !== result) refuse(`it gives ${describeType(node.type)}, not a ${result}`);
  if (findings.length === 0 && node.cost > maxExpressionCost) {
    refuse(
      `it may take ${String(node.cost)} steps, at most ${String(maxExpressionCost)} are allowed`,
      "Nest fewer all, exists, filter and map",
    );
  }
  if (findings.length > 0) return { ok: false, findings };
  const evaluate = (inputs: Readonly<Record<string, unknown>>): Result<Value> => {
    try {
      const value = node.run({ inputs, slots: [] });
      if (value === true) return holds as Result<Value>;
      if (value === false) return fails as Result<Value>;
      return {
        ok: true,
        value: (value === 0 ? 0 : value) as Value,
        findings: none,
      };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return {
        ok: false,
        findings: [makeFinding("SCHEMA_EXPRESSION_VALUE", `Cannot evaluate ${quote(text)}: ${error.message}`, place)],
      };
    }
  };
  return { ok: true, value: { text, cost: node.cost, evaluate }, findings };
}

const none: readonly Finding[] = Object.freeze([]);
const holds: Result<boolean> = Object.freeze({
  ok: true,
  value: true,
  findings: none,
});
const fails: Result<boolean> = Object.freeze({
  ok: true,
  value: false,
  findings: none,
});

function parse(text: string, refuse: (message: string, hint?: string) => CompiledNode): ASTNode | null {
  if (text.length > maxExpressionLength) {
    refuse(`it is ${String(text.length)} characters long, at most ${String(maxExpressionLength)} are read`);
    return null;
  }
  try {
    return environment.parse(text).ast;
  } catch (error) {
    // The engine's message is followed by a drawing of the place; a stack overflow is too deep a nesting.
    const message = error instanceof Error && error.name === "ParseError" ? (error.message.split("\n")[0] ?? "") : "it nests too deeply";
    refuse(message.charAt(0).toLowerCase() + message.slice(1));
    return null;
  }
}

function quote(text: string): string {
  return `"${text.length > 80 ? `${text.slice(0, 79)}…` : text}"`;
}
