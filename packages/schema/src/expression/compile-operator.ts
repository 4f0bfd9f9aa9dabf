import { type CompileContext, type CompiledNode, finite, type Scope } from "./compiled-node.ts";
import { booleanType, describeType, numberType, sameKind, type StaticType, stringType } from "./expression-type.ts";

type Run = (scope: Scope) => unknown;
type Arithmetic = (left: Run, right: Run) => Run;
type Comparison = (left: Run, right: Run) => Run;

const arithmetic: ReadonlyMap<string, Arithmetic> = new Map<string, Arithmetic>([
  ["+", (left, right) => (scope) => finite((left(scope) as number) + (right(scope) as number), "A sum")],
  ["-", (left, right) => (scope) => finite((left(scope) as number) - (right(scope) as number), "A difference")],
  ["*", (left, right) => (scope) => finite((left(scope) as number) * (right(scope) as number), "A product")],
  ["/", (left, right) => (scope) => finite((left(scope) as number) / divisor(right(scope)), "A quotient")],
  ["%", (left, right) => (scope) => finite((left(scope) as number) % divisor(right(scope)), "A remainder")],
]);

// Text is compared by UTF-16 code unit, numbers by value; both operands have one kind, so no coercion takes place.
const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ["<", (left, right) => (scope) => (left(scope) as number) < (right(scope) as number)],
  ["<=", (left, right) => (scope) => (left(scope) as number) <= (right(scope) as number)],
  [">", (left, right) => (scope) => (left(scope) as number) > (right(scope) as number)],
  [">=", (left, right) => (scope) => (left(scope) as number) >= (right(scope) as number)],
]);

/** Checks the operands of an operator, and gives what runs it. */
export function compileBinary(op: string, [left, right]: readonly [CompiledNode, CompiledNode], context: CompileContext): CompiledNode {
  const cost = left.cost + right.cost + 1;
  if (left.type.kind === "unknown" || right.type.kind === "unknown") return { type: resultType(op, left), cost, run: left.run };
  if (op === "==" || op === "!=") return compileEquality(op, [left, right], context);
  if (op === "in") return compileMembership([left, right], context);
  const mismatch = (): CompiledNode =>
    context.refuse(`"${op}" stands between ${describeType(left.type)} and ${describeType(right.type)}`, "Both sides must be numbers");
  const compare = comparisons.get(op);
  if (compare !== undefined) {
    if (!isOrdered(left.type) || !sameKind(left.type, right.type)) return mismatch();
    return { type: booleanType, cost, run: compare(left.run, right.run) };
  }
  const calculate = arithmetic.get(op);
  if (calculate === undefined) return context.refuse(`operator "${op}" is not known here`);
  if (left.type.kind !== "number" || right.type.kind !== "number") return mismatch();
  if ((op === "/" || op === "%") && right.literal === 0) return context.refuse("a division by zero");
  return { type: numberType, cost, run: calculate(left.run, right.run) };
}

function compileEquality(op: string, [left, right]: readonly [CompiledNode, CompiledNode], context: CompileContext): CompiledNode {
  if (!isScalar(left.type) || !sameKind(left.type, right.type)) {
    return context.refuse(
      `"${op}" stands between ${describeType(left.type)} and ${describeType(right.type)}`,
      "Compare a number with a number, a text with a text in quotes",
    );
  }
  const impossible = impossibleValue(left, right) ?? impossibleValue(right, left);
  if (impossible !== null) return context.refuse(...impossible);
  const a = left.run;
  const b = right.run;
  // A literal is compared with, not run.
  const { literal } = right;
  const equal: Run = "literal" in right ? (scope) => a(scope) === literal : (scope) => a(scope) === b(scope);
  const run: Run = op === "==" ? equal : (scope) => equal(scope) !== true;
  return { type: booleanType, cost: left.cost + right.cost + 1, run };
}

function compileMembership([left, right]: readonly [CompiledNode, CompiledNode], context: CompileContext): CompiledNode {
  if (right.type.kind !== "list" || !isScalar(left.type) || !sameKind(left.type, right.type.item)) {
    return context.refuse(`"in" stands between ${describeType(left.type)} and ${describeType(right.type)}`, "Write `value in [...]`");
  }
  for (const item of Array.isArray(right.literal) ? (right.literal as readonly unknown[]) : []) {
    const impossible = impossibleValue(left, { ...right, literal: item });
    if (impossible !== null) return context.refuse(...impossible);
  }
  const run: Run = (scope) => (right.run(scope) as readonly unknown[]).includes(left.run(scope));
  return { type: booleanType, cost: left.cost + right.cost + 1, run };
}

/** `&&` and `||` from left to right; the right side is run only when the left does not decide. */
export function compileLogic(op: string, [left, right]: readonly [CompiledNode, CompiledNode], context: CompileContext): CompiledNode {
  for (const side of [left, right]) {
    if (side.type.kind !== "boolean" && side.type.kind !== "unknown") {
      return context.refuse(`"${op}" takes conditions, not ${describeType(side.type)}`, "Write a comparison");
    }
  }
  const a = left.run;
  const b = right.run;
  const run: Run = op === "&&" ? (scope) => a(scope) === true && b(scope) === true : (scope) => a(scope) === true || b(scope) === true;
  return { type: booleanType, cost: left.cost + right.cost + 1, run };
}

/** `!condition` and `-number`. */
export function compileUnary(op: string, operand: CompiledNode, context: CompileContext): CompiledNode {
  const type = op === "!_" ? booleanType : numberType;
  if (!sameKind(type, operand.type))
    return context.refuse(`"${op.charAt(0)}" takes ${describeType(type)}, not ${describeType(operand.type)}`);
  const cost = operand.cost + 1;
  if (op === "!_") return { type, cost, run: (scope) => operand.run(scope) !== true };
  const literal = typeof operand.literal === "number" ? { literal: -operand.literal } : {};
  return {
    type,
    cost,
    ...literal,
    run: (scope) => -(operand.run(scope) as number),
  };
}

/** `condition ? a : b`. */
export function compileChoice(
  [condition, yes, no]: readonly [CompiledNode, CompiledNode, CompiledNode],
  context: CompileContext,
): CompiledNode {
  if (!sameKind(booleanType, condition.type)) return context.refuse(`"?" takes a condition, not ${describeType(condition.type)}`);
  if (!sameKind(yes.type, no.type)) {
    return context.refuse(`"?" chooses between ${describeType(yes.type)} and ${describeType(no.type)}`, "Both must be of one type");
  }
  const cost = condition.cost + Math.max(yes.cost, no.cost) + 1;
  return {
    type: widen(yes.type),
    cost,
    run: (scope) => (condition.run(scope) === true ? yes.run(scope) : no.run(scope)),
  };
}

// A comparison that no declared value can satisfy is a slip of the pen, and would be silently false for ever.
function impossibleValue(name: CompiledNode, literal: CompiledNode): readonly [message: string, hint: string] | null {
  if (name.type.kind !== "number" && name.type.kind !== "string") return null;
  const { values } = name.type;
  if (values === null || !("literal" in literal) || typeof literal.literal !== name.type.kind) return null;
  if (values.includes(literal.literal as string | number)) return null;
  return [
    `${JSON.stringify(literal.literal)} is none of the values declared`,
    `Use one of ${values.map((value) => JSON.stringify(value)).join(", ")}`,
  ];
}

function divisor(value: unknown): number {
  if (value === 0) throw new RangeError("A division by zero");
  return value as number;
}

function resultType(op: string, left: CompiledNode): StaticType {
  return arithmetic.has(op) ? numberType : left.type.kind === "unknown" || !arithmetic.has(op) ? booleanType : left.type;
}

function isScalar(type: StaticType): boolean {
  return type.kind === "number" || type.kind === "string" || type.kind === "boolean";
}

function isOrdered(type: StaticType): boolean {
  return type.kind === "number" || type.kind === "string";
}

function widen(type: StaticType): StaticType {
  if (type.kind === "number") return numberType;
  return type.kind === "string" ? stringType : type;
}
