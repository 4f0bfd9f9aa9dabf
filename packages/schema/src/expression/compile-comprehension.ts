import { type CompileContext, type CompiledNode, refusedNode, type Scope } from "./compiled-node.ts";
import { booleanType, describeType, type StaticType } from "./expression-type.ts";

/** The longest list that `all`, `exists`, `filter` and `map` go through; it bounds what an expression can cost. */
const maxComprehensionItems = 1_000;

/** Methods of a list that take a variable and an expression over it. */
export const comprehensions = ["all", "exists", "filter", "map"] as const;

/** Name of one of them. */
export type Comprehension = (typeof comprehensions)[number];

/** `list.all(item, condition)` and its kin; the body is compiled with the variable declared. */
export function compileComprehension(
  name: Comprehension,
  parts: {
    readonly list: CompiledNode;
    readonly variable: string | null;
    readonly body: (context: CompileContext) => CompiledNode;
  },
  context: CompileContext,
): CompiledNode {
  const { list, variable } = parts;
  if (list.type.kind === "unknown") return refusedNode;
  if (list.type.kind !== "list") return context.refuse(`${name}() is called on ${describeType(list.type)}, not on a list`);
  if (variable === null) return context.refuse(`${name}() takes a variable and an expression`);
  if (context.names.has(variable) || context.variables.some((outer) => outer.name === variable)) {
    return context.refuse(`variable "${variable}" hides a name that is declared already`, "Choose another name");
  }
  const slot = context.variables.length;
  const body = parts.body({
    ...context,
    variables: [...context.variables, { name: variable, type: list.type.item }],
  });
  if (body.type.kind === "unknown") return refusedNode;
  if (name !== "map" && body.type.kind !== "boolean") return context.refuse(`${name}() takes a condition, not ${describeType(body.type)}`);
  const test = (scope: Scope) => (item: unknown) => {
    scope.slots[slot] = item;
    return body.run(scope);
  };
  return {
    type: resultType(name, list.type, body.type),
    cost: list.cost + maxComprehensionItems * (body.cost + 1),
    run: (scope) => {
      const items = bounded(list.run(scope) as readonly unknown[]);
      return name === "map" ? items.map(test(scope)) : items[name === "all" ? "every" : name === "exists" ? "some" : "filter"](test(scope));
    },
  };
}

function resultType(name: Comprehension, list: StaticType, body: StaticType): StaticType {
  if (name === "map") return { kind: "list", item: body };
  return name === "filter" ? list : booleanType;
}

function bounded(items: readonly unknown[]): readonly unknown[] {
  if (items.length <= maxComprehensionItems) return items;
  throw new RangeError(`A list has ${String(items.length)} items, at most ${String(maxComprehensionItems)} are gone through`);
}
