import { readFileSync } from "node:fs";
import { type JsonValue, shippedKinds, validateKind } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { samples } from "./document-samples.ts";

type Schema = { readonly [key: string]: unknown };

/** A place in a sample that a schema bounds, and a value just beyond the bound. */
interface Beyond {
  readonly pointer: string;
  readonly bound: string;
  readonly sample: JsonValue;
}

const schemaOf = (kind: string): Schema =>
  JSON.parse(readFileSync(new URL(`../src/json/${kind.replaceAll("_", "-")}-v1.json`, import.meta.url), "utf8")) as Schema;

/** Every bound that a schema sets to a value of the sample, each with the sample pushed beyond it. Alternatives are left out: another may allow the value. */
function beyondBounds(root: Schema, sample: JsonValue): readonly Beyond[] {
  const found: Beyond[] = [];
  const walk = (schema: Schema, value: JsonValue, path: readonly string[]): void => {
    const reference = schema["$ref"];
    if (typeof reference === "string") return walk(resolve(root, reference), value, path);
    for (const part of (schema["allOf"] ?? []) as readonly Schema[]) walk(part, value, path);
    for (const [bound, other] of exceed(schema, value))
      found.push({ pointer: path.map((key) => `/${key}`).join(""), bound, sample: replace(sample, path, other) });
    if (Array.isArray(value) && isSchema(schema["items"]))
      (value as readonly JsonValue[]).forEach((item, index) => walk(schema["items"] as Schema, item, [...path, String(index)]));
    else if (isSchema(schema["properties"]) && typeof value === "object" && value !== null)
      for (const [key, part] of Object.entries(schema["properties"]))
        if (Object.hasOwn(value, key)) walk(part as Schema, (value as Record<string, JsonValue>)[key] as JsonValue, [...path, key]);
  };
  walk(root, sample, []);
  return found;
}

function* exceed(schema: Schema, value: JsonValue): Iterable<readonly [string, JsonValue]> {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = schema as Readonly<Record<string, number | undefined>>;
  if (typeof value === "number") {
    if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) yield ["minimum", minimum - 1];
    if (maximum !== undefined) yield ["maximum", maximum < Number.MAX_SAFE_INTEGER ? maximum + 1 : 2 ** 53];
  }
  if (typeof value === "string") {
    if (minLength !== undefined && minLength > 0) yield ["minLength", "x".repeat(minLength - 1)];
    if (maxLength !== undefined) yield ["maxLength", "x".repeat(maxLength + 1)];
    if (pattern !== undefined) yield ["pattern", `${"\u0000 ".repeat(50_000)}!`];
  }
  if (Array.isArray(value)) {
    if (minItems !== undefined && minItems > 0) yield ["minItems", value.slice(0, minItems - 1)];
    if (maxItems !== undefined)
      yield ["maxItems", Array.from({ length: maxItems + 1 }, (_, index) => value[index % value.length] as JsonValue)];
  }
}

/** The sample with every list, at every depth, ten times as long. */
function tenfold(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return Array.from({ length: 10 }, () => value.map(tenfold)).flat();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, tenfold(part)]));
}

describe("validateKind() under stress", () => {
  it("refuses every value beyond every bound of every kind, at its place (MET-06)", () => {
    let tried = 0;
    for (const kind of shippedKinds) {
      for (const { pointer, bound, sample } of beyondBounds(schemaOf(kind), samples[kind] as JsonValue)) {
        const issues = validateKind(kind, sample) ?? [];
        expect(
          issues.map((issue) => issue.pointer),
          `${kind} ${pointer} ${bound}`,
        ).toContain(pointer);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(300);
  });

  it("judges every list of every kind at ten times its length, in memory that does not grow with them (MET-06)", () => {
    const before = process.memoryUsage().heapUsed;
    let judged = 0;
    for (let round = 0; round < 3; round += 1)
      for (const kind of shippedKinds) {
        const issues = validateKind(kind, tenfold(samples[kind] as JsonValue)) ?? [];
        // A list that may not repeat or not be so long is refused where it stands; everything else is accepted.
        for (const { keyword, pointer } of issues) expect(["maxItems", "uniqueItems"], `${kind} ${pointer}`).toContain(keyword);
        judged += 1;
      }
    expect(judged).toBe(shippedKinds.length * 3);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 2 ** 20);
  });
});

function replace(value: JsonValue, [key, ...rest]: readonly string[], other: JsonValue): JsonValue {
  if (key === undefined) return other;
  if (Array.isArray(value)) return value.map((item: JsonValue, index) => (String(index) === key ? replace(item, rest, other) : item));
  const fields = value as Readonly<Record<string, JsonValue>>;
  return { ...fields, [key]: replace(fields[key] as JsonValue, rest, other) };
}

function resolve(root: Schema, reference: string): Schema {
  return reference
    .slice(2)
    .split("/")
    .reduce<unknown>((node, key) => (node as Schema)[key.replaceAll("~1", "/").replaceAll("~0", "~")], root) as Schema;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
