import type { StaticType } from "./expression-type.ts";
import { unknownType } from "./expression-type.ts";

/** What an expression reads while it is evaluated. */
export interface Scope {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Values of the variables of `all`, `exists`, `filter` and `map`, by nesting. */
  readonly slots: unknown[];
}

/** A part of an expression, checked and ready to run. */
export interface CompiledNode {
  readonly type: StaticType;
  /** Upper bound of the steps that running it takes, list inputs of aggregates counted once. */
  readonly cost: number;
  /** The value when it is written as a literal. */
  readonly literal?: unknown;
  /** Throws a RangeError when there is no value. */
  readonly run: (scope: Scope) => unknown;
}

/** What compiling needs to know, and where it says what it refuses. */
export interface CompileContext {
  readonly names: ReadonlyMap<string, StaticType>;
  /** Variables of the enclosing comprehensions, outermost first. */
  readonly variables: readonly {
    readonly name: string;
    readonly type: StaticType;
  }[];
  readonly refuse: (message: string, hint?: string) => CompiledNode;
}

/** Stands for a part that was refused; it is never run. */
export const refusedNode: CompiledNode = {
  type: unknownType,
  cost: 0,
  run: () => undefined,
};

/** Gives `value` unless it is NaN or infinite. */
export function finite(value: number, what: string): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`${what} is no finite number`);
}
