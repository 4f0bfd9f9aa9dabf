import { readdirSync, readFileSync } from "node:fs";
import {
  canonicalJson,
  contentId,
  digestBytes,
  digestJson,
  envelopeHash,
  isDigest,
  maxCanonicalDepth,
  parseCanonicalJson,
  stableJson,
} from "@gov/schema/canonical";
import { isSchemaError, type JsonValue } from "@gov/schema";
import canonicalize from "canonicalize";
import { describe, expect, it } from "vitest";
import { corpus } from "./corpora.ts";
import { digestOfNumbers, publishedNumberDigests } from "./es6-numbers.ts";

const vectors = corpus("jcs");

function refusal(run: () => unknown): Readonly<Record<string, unknown>> {
  try {
    run();
  } catch (error) {
    if (isSchemaError(error) && error.code === "SCHEMA_NOT_CANONICAL") return error.details;
    throw error;
  }
  throw new Error("Expected a refusal");
}

function nested(depth: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

function list(length: number, of: (index: number) => JsonValue): JsonValue[] {
  return Array.from({ length }, (_, index) => of(index));
}

describe("canonicalJson()", () => {
  it.skipIf(vectors === null)("writes the published vectors byte for byte (RFC 8785)", () => {
    const names = readdirSync(`${String(vectors)}/testdata/input`);
    expect(names).toHaveLength(6);
    for (const name of names) {
      const input = readFileSync(`${String(vectors)}/testdata/input/${name}`, "utf8");
      const output = readFileSync(`${String(vectors)}/testdata/output/${name}`, "utf8");
      const hex = readFileSync(`${String(vectors)}/testdata/outhex/${name.replace(".json", ".txt")}`, "utf8").replaceAll(/\s/g, "");
      expect(canonicalJson(JSON.parse(input) as JsonValue), name).toBe(output);
      expect(Buffer.from(canonicalJson(JSON.parse(input) as JsonValue)).toString("hex"), name).toBe(hex);
      expect(canonicalJson(parseCanonicalJson(output)), name).toBe(output);
    }
  });

  it("writes the numbers of RFC 8785 appendix B", () => {
    const samples: readonly (readonly [string, string])[] = [
      ["0000000000000000", "0"],
      ["8000000000000000", "0"],
      ["0000000000000001", "5e-324"],
      ["8000000000000001", "-5e-324"],
      ["7fefffffffffffff", "1.7976931348623157e+308"],
      ["ffefffffffffffff", "-1.7976931348623157e+308"],
      ["4340000000000000", "9007199254740992"],
      ["c340000000000000", "-9007199254740992"],
      ["4430000000000000", "295147905179352830000"],
      ["44b52d02c7e14af5", "9.999999999999997e+22"],
      ["44b52d02c7e14af6", "1e+23"],
      ["44b52d02c7e14af7", "1.0000000000000001e+23"],
      ["444b1ae4d6e2ef4e", "999999999999999700000"],
      ["444b1ae4d6e2ef4f", "999999999999999900000"],
      ["444b1ae4d6e2ef50", "1e+21"],
      ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
      ["3eb0c6f7a0b5ed8d", "0.000001"],
      ["41b3de4355555553", "333333333.3333332"],
      ["41b3de4355555554", "333333333.33333325"],
      ["41b3de4355555555", "333333333.3333333"],
      ["41b3de4355555556", "333333333.3333334"],
      ["41b3de4355555557", "333333333.33333343"],
      ["becbf647612f3696", "-0.0000033333333333333333"],
      ["43143ff3c1cb0959", "1424953923781206.2"],
    ];
    for (const [bits, text] of samples) expect(canonicalJson(Buffer.from(bits, "hex").readDoubleBE()), bits).toBe(text);
  });

  it.skipIf(vectors === null)("writes the published sequence of numbers, whose digest is known (RFC 8785 §3.2.2.3)", () => {
    expect(publishedNumberDigests().get(1_000)).toMatch(/^[0-9a-f]{64}$/);
    for (const lines of [1_000, 10_000]) expect(digestOfNumbers(lines), String(lines)).toBe(publishedNumberDigests().get(lines));
  });

  it("sorts keys by UTF-16 code unit, integers and __proto__ among them", () => {
    expect(canonicalJson({ "9": 1, "10": 2, a: 3, "": 4 })).toBe('{"":4,"10":2,"9":1,"a":3}');
    expect(canonicalJson({ z: { "\u{1f600}": 1, "\ufb33": 2 }, a: [] })).toBe('{"a":[],"z":{"\u{1f600}":1,"\ufb33":2}}');
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"x":1},"a":{"b":1,"2":0}}') as JsonValue)).toBe(
      '{"__proto__":{"x":1},"a":{"2":0,"b":1},"b":1}',
    );
    expect(canonicalJson(Object.assign(Object.create(null) as object, { b: 1, a: "\\ud800 as text" }) as JsonValue)).toBe(
      '{"a":"\\\\ud800 as text","b":1}',
    );
  });

  it("refuses what RFC 8785 says must be refused, naming its place", () => {
    const cycle: Record<string, unknown> = { b: 1 };
    cycle["a"] = { self: cycle };
    const ring: unknown[] = [];
    ring.push(ring);
    class Point {
      x = 1;
    }
    const refused: readonly (readonly [unknown, string])[] = [
      [{ a: [1, Number.NaN] }, "/a/1"],
      [{ "a/b": Number.POSITIVE_INFINITY }, "/a~1b"],
      [{ "a~b": -Infinity }, "/a~0b"],
      [undefined, ""],
      [{ a: undefined }, "/a"],
      [{ a: () => 1 }, "/a"],
      [[Symbol("s")], "/0"],
      [{ b: 1, a: { [Symbol("s")]: 1 } }, "/a"],
      [{ a: 1n }, "/a"],
      [{ a: "\ud800" }, "/a"],
      [{ "\udfff": 1 }, "/\udfff"],
      [{ b: 1, a: ["x\udc00"] }, "/a/0"],
      [cycle, "/a/self"],
      [ring, "/0"],
      [{ a: Array.from({ length: 3 }).fill(1, 1), b: [, 1] }, "/a/0"], // eslint-disable-line no-sparse-arrays
      [[, 1], ""], // eslint-disable-line no-sparse-arrays
      [Object.assign([1], { named: 1 }), ""],
      [{ a: new Date(0) }, "/a"],
      [{ a: new Map() }, "/a"],
      [{ a: Buffer.from("a") }, "/a"],
      [{ a: new Uint8Array(2) }, "/a"],
      [new Point(), ""],
      [new (class extends Array {})(), ""],
      [
        {
          get a() {
            return 1;
          },
        },
        "/a",
      ],
      [Object.defineProperty([1, 2], 1, { get: () => 3, enumerable: true }), "/1"],
      [Object.defineProperty({ a: 1 }, "a", { set: () => undefined, enumerable: true }), "/a"],
      [{ toJSON: () => 1 }, "/toJSON"],
      [Object("text"), ""],
    ];
    for (const [value, pointer] of refused) {
      expect(refusal(() => canonicalJson(value as JsonValue))["pointer"], pointer).toBe(pointer);
      expect(refusal(() => canonicalJson([value] as JsonValue))["pointer"], pointer).toBe(`/0${pointer}`);
    }
  });

  it("never calls toJSON, also not an inherited one", () => {
    expect(canonicalJson({ toJSON: 1 })).toBe('{"toJSON":1}');
    Object.defineProperty(Object.prototype, "toJSON", { configurable: true, value: () => "forged" });
    try {
      expect(canonicalJson({ b: 1, a: [2] })).toBe('{"a":[2],"b":1}');
    } finally {
      Reflect.deleteProperty(Object.prototype, "toJSON");
    }
  });

  it("takes nothing from a prototype that somebody has added to", () => {
    Object.defineProperty(Object.prototype, "added", { configurable: true, enumerable: true, value: { b: 1, a: Number.NaN } });
    let text: string | undefined;
    try {
      text = canonicalJson({ b: 1, a: [2, {}] });
    } finally {
      Reflect.deleteProperty(Object.prototype, "added");
    }
    expect(text).toBe('{"a":[2,{}],"b":1}');
  });

  it("writes up to the documented depth and refuses what is deeper, without an overflow", () => {
    expect(canonicalJson(nested(maxCanonicalDepth))).toHaveLength(maxCanonicalDepth * 2 + maxCanonicalDepth * 2 + 1);
    expect(String(refusal(() => canonicalJson(nested(maxCanonicalDepth + 1)))["pointer"])).toMatch(/^(?:\/(?:0|a)){512}$/);
    expect(refusal(() => canonicalJson(nested(200_000)))).toBeDefined();
  });

  it("writes large values piece by piece, and each as the whole would be written", () => {
    const orders: Readonly<Record<string, (index: number) => JsonValue>> = {
      inOrder: (index) => ({ "": { a: true, b: "\u{1f600}" }, a: [`é${String(index)}`, null, index / 7], z: index }),
      outOfOrder: (index) => ({ z: index, a: [`é${String(index)}`, null, index / 7], "": { b: true, a: "\ud7ff" } }),
      // Has a key that looks like an index, which the native writer would put first.
      indexed: (index) => ({ z: index, a: [`é${String(index)}`, null, index / 7], "": { b: true, "1": "\u{1f600}" } }),
    };
    for (const [name, item] of Object.entries(orders)) {
      const wide = (length: number): JsonValue =>
        Object.fromEntries(list(length, item).map((value, index) => [`k${String(length - index)}`, value]));
      const values: readonly JsonValue[] = [
        list(1_500, item),
        list(20_000, (index) => index),
        { b: list(700, item), a: { d: list(300, () => list(8, item)), c: "x" } },
        list(3, () => list(1_200, item)),
        { b: [wide(1_200)], a: wide(40), c: list(257, () => wide(6)) },
        [list(9_000, String)],
        Object.fromEntries(list(10_000, Number).map((value, index) => [`k${String(index).padStart(5, "0")}`, value])),
        [...list(300, item), ...list(2, () => list(9_000, Number)), ...list(300, item)],
      ];
      for (const [index, value] of values.entries())
        expect(canonicalJson(value) === canonicalize(value), `${name} ${String(index)}`).toBe(true);
    }
  });

  it("refuses in a large value what it refuses in a small one, at its place", () => {
    const filler = (): JsonValue => Array.from({ length: 9_000 }, (_, index) => index);
    const getter = Object.defineProperty({ b: filler() }, "a", { get: () => 1, enumerable: true });
    const named = Object.assign(Array.from({ length: 9_000 }, String), { named: 1 });
    const list = Object.defineProperty(Array.from({ length: 9_000 }, String), 8_999, { get: () => "x", enumerable: true });
    const hole = Array.from({ length: 9_000 }, String);
    Reflect.deleteProperty(hole, 8_998);
    const namedHole = Object.assign(new Array<number>(1), { named: 1 });
    const cycle: Record<string, unknown> = { a: filler() };
    cycle["b"] = [filler(), cycle];
    const refused: readonly (readonly [unknown, string])[] = [
      [getter, "/a"],
      [named, ""],
      [{ a: filler(), b: named }, "/b"],
      [list, "/8999"],
      [hole, ""],
      [{ a: namedHole }, "/a"],
      [{ a: filler(), b: namedHole }, "/b"],
      [cycle, "/b/1"],
      [{ a: filler(), b: Number.NaN }, "/b"],
      [{ a: filler(), "\ud800": 1 }, "/\ud800"],
      [{ a: [...(filler() as JsonValue[]), "\ud800"] }, "/a/9000"],
      [{ a: filler(), [Symbol("s")]: 1 }, ""],
      [{ a: [filler(), { b: new Date(0) }] }, "/a/1/b"],
    ];
    for (const [value, pointer] of refused) expect(refusal(() => canonicalJson(value as JsonValue))["pointer"]).toBe(pointer);
  });
});

describe("parseCanonicalJson()", () => {
  it("refuses text that is not its own canonical form", () => {
    const texts = [
      "",
      "{",
      '{"a":1,"a":1}',
      "9007199254740993",
      ' {"a":1}',
      '{"a": 1}',
      '"\\ud800"',
      '{"b":1,"a":2}',
      "1.0",
      "-0",
      "1e5",
      '"\\u0061"',
      "[1,]",
    ];
    for (const text of texts)
      expect(
        refusal(() => parseCanonicalJson(text)),
        text,
      ).toBeDefined();
    expect(parseCanonicalJson('{"a":[1,"é",null]}')).toEqual({ a: [1, "é", null] });
    // The form of 2 to the 68th is legal, although no double stands for each of its digits.
    expect(parseCanonicalJson("295147905179352830000")).toBe(2 ** 68);
  });
});

describe("digestJson()", () => {
  it("gives equal values one digest, and text its UTF-8 digest", () => {
    expect(digestJson({ b: 1, a: 2 })).toBe(digestBytes('{"a":2,"b":1}'));
    expect(digestBytes(new Uint8Array())).toBe("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(isDigest(digestJson(null))).toBe(true);
    expect([isDigest("sha256:ABC"), isDigest(7)]).toEqual([false, false]);
  });
});

describe("contentId()", () => {
  it("follows from the value and the prefix alone, and changes with every value", () => {
    const id = contentId({ b: 1, a: ["x"] }, { prefix: "evt_" });
    expect(id).toBe(`evt_${digestJson({ a: ["x"], b: 1 }).slice(7, 39)}`);
    const other = [{ b: 1, a: ["y"] }, { b: "1", a: ["x"] }, { b: 1, a: "x" }, { a: ["x"] }];
    expect(new Set([id, ...other.map((value) => contentId(value, { prefix: "evt_" }))]).size).toBe(5);
    for (const prefix of ["", "a/b", "é", "x".repeat(33)]) expect(() => contentId(1, { prefix }), prefix).toThrow(RangeError);
    expect(refusal(() => contentId(Number.NaN, { prefix: "evt_" }))).toBeDefined();
  });
});

describe("envelopeHash()", () => {
  const envelope = { type: "STATE_TRANSITION", payload: { to: "PACKAGED" }, event_time: "2024-01-15T10:00:00Z", correlation_id: "c-1" };
  const semantic = ["type", "payload"];

  it("covers the semantic part, all of it and nothing else", () => {
    const hash = envelopeHash(envelope, semantic);
    expect(hash).toBe(digestJson({ payload: { to: "PACKAGED" }, type: "STATE_TRANSITION" }));
    expect(envelopeHash({ ...envelope, event_time: "2025-01-01T00:00:00Z", correlation_id: "c-2", extra: 1 }, ["payload", "type"])).toBe(
      hash,
    );
    for (const changed of [{ ...envelope, type: "x" }, { ...envelope, payload: null }, { type: envelope.type }]) {
      expect(envelopeHash(changed, semantic)).not.toBe(hash);
    }
    expect(envelopeHash({ type: "x" }, semantic)).not.toBe(envelopeHash({ type: "x", payload: null }, semantic));
  });

  it("reads own members only, and needs at least one name", () => {
    expect(envelopeHash({}, ["constructor", "__proto__"])).toBe(digestJson({}));
    expect(envelopeHash(JSON.parse('{"__proto__":1}') as { a: 1 }, ["__proto__"])).toBe(digestBytes('{"__proto__":1}'));
    expect(() => envelopeHash(envelope, [])).toThrow(RangeError);
  });
});

describe("stableJson()", () => {
  it("writes equal values alike", () => {
    expect(stableJson({ b: [1], a: { d: null, c: "x" } })).toBe('{"a":{"c":"x","d":null},"b":[1]}');
  });
});
