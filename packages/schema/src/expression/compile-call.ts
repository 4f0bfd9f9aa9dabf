import { RE2JS } from "re2js";
import { aggregates } from "./aggregates.ts";
import type { CompileContext, CompiledNode, Scope } from "./compiled-node.ts";
import { booleanType, describeType, numberType } from "./expression-type.ts";

/** A function call: an aggregate over a list of numbers, or `size` of a list or a text. */
export function compileCall(name: string, parameters: readonly CompiledNode[], context: CompileContext): CompiledNode {
  if (parameters.some((parameter) => parameter.type.kind === "unknown")) return { type: numberType, cost: 0, run: () => 0 };
  const cost = parameters.reduce((total, parameter) => total + parameter.cost, 1);
  const [list, argument] = parameters;
  if (name === "size" && parameters.length === 1 && (list?.type.kind === "list" || list?.type.kind === "string")) {
    return {
      type: numberType,
      cost,
      run: (scope) => sizeOf(list.run(scope) as readonly unknown[] | string),
    };
  }
  const aggregate = aggregates.get(name);
  if (aggregate === undefined) {
    return context.refuse(`function "${name}" is not known`, `Use one of ${[...aggregates.keys(), "size"].join(", ")}`);
  }
  if (list?.type.kind !== "list" || (name !== "count" && list.type.item.kind !== "number")) {
    return context.refuse(`${name}() takes a list of numbers, not ${list === undefined ? "nothing" : describeType(list.type)}`);
  }
  const wanted = name === "percentile" ? 2 : 1;
  if (parameters.length !== wanted || (argument !== undefined && argument.type.kind !== "number")) {
    return context.refuse(`${name}() takes ${wanted === 1 ? "one list" : "a list and a number from 0 to 100"}`);
  }
  const rank = argument?.run ?? ((): number => 0);
  return {
    type: numberType,
    cost,
    run: (scope) => aggregate(list.run(scope) as readonly number[], rank(scope) as number),
  };
}

/** A method of a text: `startsWith`, `endsWith`, `contains`, and `matches` on a linear-time engine. */
export function compileTextMethod(
  name: string,
  [receiver, ...parameters]: readonly [CompiledNode, ...CompiledNode[]],
  context: CompileContext,
): CompiledNode {
  const [parameter] = parameters;
  if (receiver.type.kind === "unknown" || parameter?.type.kind === "unknown") return { type: booleanType, cost: 0, run: () => false };
  if (receiver.type.kind !== "string" || parameters.length !== 1 || parameter?.type.kind !== "string") {
    return context.refuse(`method "${name}" takes a text on a text`, "Use startsWith, endsWith, contains or matches");
  }
  const cost = receiver.cost + parameter.cost + 1;
  const text = (scope: Scope): string => receiver.run(scope) as string;
  const other = (scope: Scope): string => parameter.run(scope) as string;
  switch (name) {
    case "startsWith":
      return {
        type: booleanType,
        cost,
        run: (scope) => text(scope).startsWith(other(scope)),
      };
    case "endsWith":
      return {
        type: booleanType,
        cost,
        run: (scope) => text(scope).endsWith(other(scope)),
      };
    case "contains":
      return {
        type: booleanType,
        cost,
        run: (scope) => text(scope).includes(other(scope)),
      };
    case "matches":
      return compileMatches(receiver, parameter, context);
    default:
      return context.refuse(`method "${name}" is not known`, "Use startsWith, endsWith, contains or matches");
  }
}

// The pattern is compiled once, at load: one that comes from the data could be anything.
function compileMatches(receiver: CompiledNode, pattern: CompiledNode, context: CompileContext): CompiledNode {
  if (typeof pattern.literal !== "string") return context.refuse('"matches" takes a pattern written in quotes');
  try {
    const compiled = RE2JS.compile(pattern.literal);
    return {
      type: booleanType,
      cost: receiver.cost + pattern.literal.length + 1,
      run: (scope) => compiled.matcher(receiver.run(scope) as string).find(),
    };
  } catch {
    return context.refuse(
      `pattern ${JSON.stringify(pattern.literal)} has no linear-time form`,
      "Patterns follow RE2: no lookaround, no backreferences",
    );
  }
}

function sizeOf(value: readonly unknown[] | string): number {
  return typeof value === "string" ? [...value].length : value.length;
}
