import { canonicalJson, parseCanonicalJson } from "@gov/schema/canonical";
import { isSchemaError, type JsonValue } from "@gov/schema";
import canonicalize from "canonicalize";
import fc from "fast-check";
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
  it("agrees with an independent implementation, and its text reads back to an equal value", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(text).toBe(canonicalize(value));
        expect(canonicalJson(parseCanonicalJson(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 3_000, seed: 20_240_115 },
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

function objectOf(entries: readonly (readonly [string, JsonValue])[]): JsonValue {
  const object = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of entries) object[name] = value;
  return object;
}
