import { canonicalJson, parseCanonicalJson } from "@gov/schema/canonical";
import { isSchemaError, type JsonValue } from "@gov/schema";
import canonicalize from "canonicalize";
import fc from "fast-check";
import stringify from "fast-json-stable-stringify";
import { describe, expect, it } from "vitest";

const wellFormed = fc.string({ unit: "grapheme", maxLength: 8 });
const key = fc.oneof(wellFormed, fc.constantFrom("__proto__", "constructor", "toJSON", "1", "10", "9", "a", "\u{1f600}", "\ufb33"));
const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      wellFormed,
    ) as fc.Arbitrary<JsonValue>,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 6 }).map((entries) => {
      const members = [...new Map(entries)].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
      return JSON.parse(`{${members.join(",")}}`) as JsonValue;
    }),
  ),
})).value;

describe("canonicalJson()", () => {
  it("agrees with two independent implementations, and its text reads back to an equal value", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(text).toBe(canonicalize(value));
        expect(text).toBe(stringify(value));
        expect(canonicalJson(parseCanonicalJson(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 3_000, seed: 20_240_115 },
    );
  });

  it("refuses a forbidden value at its place wherever it stands, among few values and among many, and calls no accessor", () => {
    const called = (): never => {
      throw new Error("An accessor was called");
    };
    const member = (field: PropertyDescriptor): unknown => Object.defineProperty({ a: 1, c: [2] }, "b", { enumerable: true, ...field });
    const element = (field: PropertyDescriptor): unknown => Object.defineProperty([1, "x", 2], 1, { enumerable: true, ...field });
    const forbidden: readonly (readonly [() => unknown, string])[] = [
      [() => member({ get: called }), "/b"],
      [() => member({ get: called, set: called }), "/b"],
      [() => member({ set: called }), "/b"],
      [() => member({ value: { toJSON: called } }), "/b/toJSON"],
      [() => element({ get: called }), "/1"],
      [() => element({ set: called }), "/1"],
      [() => Object.assign(["x"], { named: "x" }), ""],
      [() => Object.defineProperty(["x"], "named", { enumerable: true, get: called }), ""],
      [() => Object.assign({ a: "x" }, { [Symbol("s")]: "x" }), ""],
      [() => Object.defineProperty({ a: "x" }, Symbol("s"), { get: called }), ""],
      [() => Object.create({ a: "x" }) as object, ""],
      [() => new (class extends Array<number> {})(2), ""],
      [() => ["x", , "x"], ""], // eslint-disable-line no-sparse-arrays
      [() => ["x", Number.NaN], "/1"],
      [() => ({ a: "x", b: "\udc00" }), "/b"],
      [() => new Date(0), ""],
    ];
    const step = fc.tuple(fc.boolean(), fc.array(json, { maxLength: 3 }));
    const place = fc.record({
      at: fc.nat({ max: forbidden.length - 1 }),
      steps: fc.array(step, { maxLength: 4 }),
      many: fc.nat({ max: 11 }),
    });
    const filler = Array.from({ length: 9_000 }, (_, index) => index);
    fc.assert(
      fc.property(place, ({ at, steps, many }) => {
        const [make, inner] = forbidden[at] as (typeof forbidden)[number];
        let value = make();
        let pointer = inner;
        for (const [list, siblings] of steps) {
          pointer = `${list ? `/${String(siblings.length)}` : "/zz"}${pointer}`;
          value = list ? [...siblings, value] : { ...siblings, zz: value };
        }
        const refused = refusedPlace(many === 0 ? [filler, value] : value);
        expect(refused).toBe(many === 0 ? `/1${pointer}` : pointer);
      }),
      { numRuns: 400, seed: 20_240_115 },
    );
  });

  it("has one text for every order of the keys", () => {
    const entries = fc.uniqueArray(fc.tuple(key, json), { selector: ([name]) => name, maxLength: 8 });
    fc.assert(
      fc.property(
        entries.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(canonicalJson(objectOf(shuffled))).toBe(canonicalJson(objectOf(list)));
        },
      ),
      { numRuns: 1_000, seed: 20_240_115 },
    );
  });

  it("either writes a value or refuses it with its own error", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withSparseArray: true,
          withTypedArray: true,
        }),
        (value) => {
          try {
            expect(parseCanonicalJson(canonicalJson(value as JsonValue))).toBeDefined();
          } catch (error) {
            if (!isSchemaError(error)) throw error;
          }
        },
      ),
      { numRuns: 3_000, seed: 20_240_115 },
    );
  });
});

function refusedPlace(value: unknown): unknown {
  try {
    canonicalJson(value as JsonValue);
  } catch (error) {
    if (isSchemaError(error) && error.code === "SCHEMA_NOT_CANONICAL") return error.details["pointer"];
    throw error;
  }
  return undefined;
}

function objectOf(entries: readonly (readonly [string, JsonValue])[]): JsonValue {
  const object = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of entries) object[name] = value;
  return object;
}
