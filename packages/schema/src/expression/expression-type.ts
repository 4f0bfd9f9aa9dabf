/** What a name in an expression stands for, as its author declares it; every number is a double. */
export type ExpressionType =
  | "number"
  | "string"
  | "boolean"
  | { readonly oneOf: readonly (string | number)[] }
  | { readonly list: ExpressionType }
  | { readonly fields: Readonly<Record<string, ExpressionType>> };

/** A declared type, or that of a part of an expression, resolved. */
export type StaticType =
  | {
      readonly kind: "number" | "string";
      readonly values: readonly (string | number)[] | null;
    }
  | { readonly kind: "boolean" }
  | { readonly kind: "list"; readonly item: StaticType }
  | {
      readonly kind: "record";
      readonly fields: ReadonlyMap<string, StaticType>;
    }
  /** A part that was refused already: it gives no further findings. */
  | { readonly kind: "unknown" };

/** Any number. */
export const numberType: StaticType = { kind: "number", values: null };
/** Any text. */
export const stringType: StaticType = { kind: "string", values: null };
/** True or false. */
export const booleanType: StaticType = { kind: "boolean" };
/** The type of what was refused. */
export const unknownType: StaticType = { kind: "unknown" };

/**
 * Resolves a declared type.
 *
 * @throws TypeError when `oneOf` is empty or mixes texts and numbers.
 */
function resolveType(type: ExpressionType): StaticType {
  if (type === "number") return numberType;
  if (type === "string") return stringType;
  if (type === "boolean") return booleanType;
  if ("list" in type) return { kind: "list", item: resolveType(type.list) };
  if ("fields" in type) return { kind: "record", fields: resolveFields(type.fields) };
  const [first] = type.oneOf;
  const kind = typeof first === "number" ? "number" : "string";
  if (first === undefined || type.oneOf.some((value) => typeof value !== kind)) {
    throw new TypeError("Cannot declare a name whose values are not all text or all numbers: list at least one value of one type");
  }
  return { kind, values: type.oneOf };
}

/** Resolves the types of several names. */
export function resolveFields(fields: Readonly<Record<string, ExpressionType>>): ReadonlyMap<string, StaticType> {
  return new Map(Object.entries(fields).map(([name, type]) => [name, resolveType(type)]));
}

/** Names a type for a message. */
export function describeType(type: StaticType): string {
  switch (type.kind) {
    case "list":
      return `a list of ${type.item.kind}s`;
    case "record":
      return "a group of fields";
    default:
      return `a ${type.kind}`;
  }
}

/** True when both are of one kind, or one of them was refused already. */
export function sameKind(a: StaticType, b: StaticType): boolean {
  if (a.kind === "unknown" || b.kind === "unknown") return true;
  return a.kind === b.kind && (a.kind !== "list" || b.kind !== "list" || sameKind(a.item, b.item));
}
