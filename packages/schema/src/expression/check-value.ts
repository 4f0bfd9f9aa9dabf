import type { StaticType } from "./expression-type.ts";

/** Gives a value of the inputs when it is of its declared type; throws a RangeError when it is not. */
export function checkValue(value: unknown, type: StaticType, name: string): unknown {
  switch (type.kind) {
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value)) break;
      return value === 0 ? 0 : value;
    case "string":
    case "boolean":
      if (typeof value !== type.kind) break;
      return value;
    case "list":
      if (!Array.isArray(value)) break;
      for (let index = 0; index < value.length; index++) checkValue(value[index], type.item, name);
      return value;
    default:
      if (typeof value !== "object" || value === null || Array.isArray(value)) break;
      return value;
  }
  throw new RangeError(`"${name}" is not ${type.kind === "list" ? `a list of ${type.item.kind}s` : `a ${type.kind}`}`);
}
