import type { ASTNode } from "@marcbachmann/cel-js";
import { nearestWord } from "../kinds/nearest-word.ts";
import { compileCall, compileTextMethod } from "./compile-call.ts";
import { type Comprehension, compileComprehension, comprehensions } from "./compile-comprehension.ts";
import { compileBinary, compileChoice, compileLogic, compileUnary } from "./compile-operator.ts";
import { type CompileContext, type CompiledNode, refusedNode, type Scope } from "./compiled-node.ts";
import { booleanType, describeType, numberType, sameKind, type StaticType, stringType, unknownType } from "./expression-type.ts";
import { checkValue } from "./check-value.ts";

/** Checks a part of an expression against the declared names, and gives what runs it; what it refuses, it says through `context`. */
export function compileNode(node: ASTNode, context: CompileContext): CompiledNode {
  const compile = (part: ASTNode): CompiledNode => compileNode(part, context);
  switch (node.op) {
    case "value":
      return compileLiteral(node.args, context);
    case "id":
      return compileName(node.args, context);
    case ".":
      return compileField(compile(node.args[0]), node.args[1], context);
    case "list":
      return compileList(node.args.map(compile), context);
    case "?:":
      return compileChoice([compile(node.args[0]), compile(node.args[1]), compile(node.args[2])], context);
    case "&&":
    case "||":
      return compileLogic(node.op, [compile(node.args[0]), compile(node.args[1])], context);
    case "!_":
    case "-_":
      return compileUnary(node.op, compile(node.args), context);
    case "call":
      return compileCall(node.args[0], node.args[1].map(compile), context);
    case "rcall": {
      const [name, receiver, parameters] = node.args;
      if (!isComprehension(name)) return compileTextMethod(name, [compile(receiver), ...parameters.map(compile)], context);
      const [variable, body] = parameters;
      return compileComprehension(
        name,
        {
          list: compile(receiver),
          variable: parameters.length === 2 && variable?.op === "id" ? variable.args : null,
          body: (inner) => (body === undefined ? refusedNode : compileNode(body, inner)),
        },
        context,
      );
    }
    case "[]":
    case "[?]":
    case ".?":
    case "map":
      return context.refuse(`"${node.op}" is not part of the language`, "Name fields with a point, and lists with [a, b]");
    default:
      return compileBinary(node.op, [compile(node.args[0]), compile(node.args[1])], context);
  }
}

function compileLiteral(value: unknown, context: CompileContext): CompiledNode {
  if (typeof value === "bigint") {
    const number = Number(value);
    if (!Number.isFinite(number) || BigInt(number) !== value)
      return context.refuse(`${String(value)} is no double`, `Write ${String(number)}`);
    return { type: numberType, cost: 1, literal: number, run: () => number };
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return context.refuse("a number is too large for a double");
    return { type: numberType, cost: 1, literal: value, run: () => value };
  }
  if (typeof value === "string") return { type: stringType, cost: 1, literal: value, run: () => value };
  if (typeof value === "boolean") return { type: booleanType, cost: 1, literal: value, run: () => value };
  return context.refuse(value === null ? "null is no value here: every name has one" : "bytes and unsigned integers are not known");
}

function compileName(name: string, context: CompileContext): CompiledNode {
  const slot = context.variables.findIndex((variable) => variable.name === name);
  const variable = context.variables[slot];
  if (variable !== undefined) return { type: variable.type, cost: 1, run: (scope) => scope.slots[slot] };
  const type = context.names.get(name);
  if (type === undefined) return unknownName(name, [...context.names.keys()], context);
  return { type, cost: 1, run: reader((scope) => scope.inputs, name, type) };
}

function compileField(owner: CompiledNode, name: string, context: CompileContext): CompiledNode {
  if (owner.type.kind === "unknown") return refusedNode;
  if (owner.type.kind !== "record") return context.refuse(`"${name}" is asked of ${describeType(owner.type)}, which has no fields`);
  const type = owner.type.fields.get(name);
  if (type === undefined) return unknownName(name, [...owner.type.fields.keys()], context);
  return {
    type,
    cost: owner.cost + 1,
    run: reader((scope) => owner.run(scope) as Readonly<Record<string, unknown>>, name, type),
  };
}

function reader(owner: (scope: Scope) => Readonly<Record<string, unknown>>, name: string, type: StaticType): (scope: Scope) => unknown {
  const read = (scope: Scope): unknown => {
    const record = owner(scope);
    if (!Object.hasOwn(record, name)) throw new RangeError(`"${name}" has no value`);
    return record[name];
  };
  // Text and truth values, which most conditions ask for, need no second look.
  if (type.kind === "string" || type.kind === "boolean") {
    const { kind } = type;
    return (scope) => {
      const value = read(scope);
      return typeof value === kind ? value : checkValue(value, type, name);
    };
  }
  return (scope) => checkValue(read(scope), type, name);
}

function compileList(items: readonly CompiledNode[], context: CompileContext): CompiledNode {
  const type = items[0]?.type ?? unknownType;
  if (items.some((item) => !sameKind(type, item.type))) return context.refuse("a list mixes types", "Write values of one type");
  if (items.some((item) => item.type.kind === "unknown")) return refusedNode;
  const item: StaticType = type.kind === "number" ? numberType : type.kind === "string" ? stringType : type;
  const cost = items.reduce((total, part) => total + part.cost, 1);
  if (items.every((part) => "literal" in part)) {
    const literal = items.map((part) => part.literal);
    return { type: { kind: "list", item }, cost, literal, run: () => literal };
  }
  return {
    type: { kind: "list", item },
    cost,
    run: (scope) => items.map((part) => part.run(scope)),
  };
}

function unknownName(name: string, known: readonly string[], context: CompileContext): CompiledNode {
  const near = nearestWord(name, known);
  return context.refuse(`name "${name}" is not declared`, near === null ? `Declared: ${known.join(", ")}` : `Did you mean "${near}"?`);
}

function isComprehension(name: string): name is Comprehension {
  return (comprehensions as readonly string[]).includes(name);
}
