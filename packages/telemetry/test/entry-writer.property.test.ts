import type { JsonValue } from "@gov/schema";
import { canonicalJson } from "@gov/schema/canonical";
import type { AuditEntry, AuditInput } from "@gov/telemetry/audit";
import { createRedactor, type Redactor } from "@gov/telemetry/redact";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCanonicalWriter, maxWrittenLevels } from "../src/audit/internal/canonical-write.ts";
import { encodeEntry } from "../src/audit/internal/entry-codec.ts";
import { createEntryWriter, type EntryPlace } from "../src/audit/internal/entry-writer.ts";
import { createLineBlock } from "../src/audit/internal/line-block.ts";
import { createEntryPreparation } from "../src/audit/internal/redact-entry.ts";
import { proofRuns } from "./proof-runs.ts";
import { redactCorpus } from "./redact-corpus.ts";
import { input } from "./telemetry-fakes.ts";

const room = Buffer.alloc(4096);
const { putValue } = createCanonicalWriter(room);

/** The canonical form as it is laid out, or null where that is left to `canonicalJson`. */
function laidOut(value: unknown): string | null {
  const end = putValue(value as JsonValue, 7, maxWrittenLevels);
  return end < 0 ? null : room.toString("utf8", 7, end);
}

const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom("\ud800", "a\udc00b", "\u007f", "\u2028", "ü", "x".repeat(25), `${"x".repeat(25)}"`, `${"x".repeat(30)}\ud83d`, "\ufffd"),
);
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(0, -0, 9, 10, 999_999_999, 1_000_000_000, 8_388_607_999_999_999, 9_007_199_254_740_991, 2 ** 53, 1e21, -1, 0.1),
);
const { value: values } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    number,
    fc.constantFrom(null, true, false),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom("b", "a", "10", "9", "__proto__", "toJSON")), tie("value"), { maxKeys: 5 }),
  ),
}));

describe("createCanonicalWriter()", () => {
  it("writes what canonicalJson writes, wherever it does not leave it to canonicalJson", () => {
    let written = 0;
    fc.assert(
      fc.property(values, (value) => {
        const own = laidOut(value);
        if (own === null) return;
        written++;
        expect(own).toBe(canonicalJson(value));
      }),
      { numRuns: proofRuns(1500) },
    );
    expect(written).toBeGreaterThan(500);
  });

  it("leaves to canonicalJson what has no canonical form, or needs care", () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const manyKeys = Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`k${String(n)}`, n]));
    const deep = Array.from({ length: 33 }).reduce<unknown>((inner) => [inner], 1);
    const left: unknown[] = [
      ...[undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, Symbol("s"), () => 1, new Date(0), new Map(), cyclic, deep, manyKeys],
      ...["a\nb", 'a"b', "a\\b", `${"x".repeat(30)}\n`, "\ud800", `${"x".repeat(30)}\udc00`, "x".repeat(2000)],
      ...[{ a: undefined }, { [Symbol("s")]: 1 }, { "a\n": 1 }, { ["k".repeat(65)]: 1 }, Object.create({ a: 1 })],
      // eslint-disable-next-line no-sparse-arrays -- a list with a hole has no canonical form.
      ...[[, 1], Object.assign([1], { more: 2 }), new (class extends Array<number> {})(), Array.from({ length: 2000 }, () => 1234567)],
      ...[
        {
          get a() {
            throw new Error("must not be called");
          },
        },
        Object.defineProperty([1], 0, { get: () => 2, enumerable: true }),
      ],
      Array.from({ length: 90 }, () => ({ text: "x".repeat(60) })),
    ];
    for (const value of left) expect(laidOut(value)).toBeNull();
    expect(laidOut({})).toBe("{}");
    expect(laidOut([])).toBe("[]");
    expect(laidOut(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  });

  it("tells objects with as many keys apart", () => {
    for (const value of [
      { b: 1, a: 2 },
      { c: 1, a: 2 },
      { a: 2, b: 1 },
      { b: 3, a: 4 },
    ])
      expect(laidOut(value)).toBe(canonicalJson(value));
  });
});

function mostly<T>(common: fc.Arbitrary<T>, ...others: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 6, arbitrary: common }, ...others);
}

const inputs: fc.Arbitrary<AuditInput> = fc.record({
  time: fc
    .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
    .map((at) => at.toISOString()),
  kind: mostly(fc.constantFrom("INDEXED", "GATE_RESULT", "ÜBERGABE"), text),
  actor: mostly(fc.constantFrom("ann", "ann@example.org", "runner-7"), text),
  subject: mostly(
    fc.constantFrom("PLN-BE-1", "plan.yaml", "bearer of news"),
    text,
    fc.constantFrom("PLN-BE-1", "4111 1111 1111 1111", "sesame-open", `ghp_${"a1B2".repeat(9)}`),
  ),
  payload: fc.oneof(
    { weight: 3, arbitrary: fc.dictionary(fc.string({ unit: "grapheme-ascii", maxLength: 8 }), number) },
    values,
    fc.constantFrom(...redactCorpus(2).map((labelled) => labelled.text)),
    fc.constant({ password: "x1y2z3" }),
  ),
  correlation_id: fc.option(fc.constant("0123456789abcdef0123456789abcdef"), { nil: undefined }),
  lamport: fc.option(fc.record({ node: mostly(fc.constant("runner-1"), text), counter: fc.maxSafeNat() }), { nil: undefined }),
  joins: mostly(fc.constant(undefined), fc.constant([`sha256:${"ab".repeat(32)}` as const])),
});
const places: fc.Arbitrary<EntryPlace> = fc.oneof(
  fc.constant({ seq: 1, prev: null }),
  fc.record({ seq: fc.integer({ min: 2, max: 2 ** 50 }), prev: fc.constant(`sha256:${"0f".repeat(32)}` as const) }),
);

describe("createEntryWriter()", () => {
  it("gives the line and the entry that the careful way gives, and refuses what that refuses (TEL-06, TEL-11)", () => {
    let atOnce = 0;
    const redactor: Redactor = createRedactor({ secrets: ["sesame-open"] });
    const counted: Redactor = {
      ...redactor,
      isPlainJson: (bytes, start, end) => {
        const isPlain = redactor.isPlainJson?.(bytes, start, end) === true;
        if (isPlain && start > 0) atOnce++;
        return isPlain;
      },
    };
    const prepare = createEntryPreparation(redactor);
    const write = createEntryWriter(counted);
    const block = createLineBlock();
    const attempt = <T>(make: () => T): T | string => {
      try {
        return make();
      } catch (error) {
        return String(error);
      }
    };
    fc.assert(
      fc.property(inputs, places, (given, place) => {
        const before = block.count();
        const wanted = attempt(() => encodeEntry(prepare(given), place));
        const entry = attempt(() => write(given, place, block));
        if (typeof wanted === "string") {
          expect([entry, block.count()]).toEqual([wanted, before]);
          return;
        }
        expect(entry).toEqual(wanted.entry);
        expect(block.count()).toBe(before + 1);
        const { bytes, ends } = block.take();
        expect(Buffer.from(bytes.subarray(ends.at(-2) ?? 0)).toString("utf8")).toBe(`${wanted.line}\n`);
      }),
      { numRuns: proofRuns(1000) },
    );
    expect(atOnce).toBeGreaterThan(200);
  });

  it("follows its own entries as well as others'", () => {
    const write = createEntryWriter();
    const block = createLineBlock();
    let place: EntryPlace = { seq: 1, prev: null };
    const entries: AuditEntry[] = [];
    for (const payload of [1, "a\nb", { note: "ann@example.org" }, 2, "x".repeat(70_000), 3, "y".repeat(5000)]) {
      const entry = write(input("K", { payload }), place, block);
      expect(encodeEntry(createEntryPreparation()(input("K", { payload })), place).entry).toEqual(entry);
      entries.push(entry);
      place = { seq: place.seq + 1, prev: entry.hash };
    }
    const { bytes, ends } = block.take();
    expect(ends.length).toBe(entries.length);
    const lines = Buffer.from(bytes).toString("utf8").split("\n");
    expect(lines.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toEqual(entries);
  });

  it("goes over every name and payload with a redactor that knows no plain text", () => {
    const block = createLineBlock();
    const { redactText, redactJson } = createRedactor({ secrets: ["sesame-open"] });
    const write = createEntryWriter({ redactText, redactJson });
    const entry = write(input("K", { payload: "sesame-open", subject: `x ghp_${"a1B2".repeat(9)}` }), { seq: 1, prev: null }, block);
    expect(entry).toMatchObject({ payload: "[redacted:known-secret]", subject: "x [redacted:github-token]" });
  });
});

describe("createLineBlock()", () => {
  it("keeps what it has when it grows, when it is cut back, and while what was taken is written", () => {
    const block = createLineBlock();
    const long = "é".repeat(40_000);
    block.addText("a");
    block.addText(long);
    block.addText("b");
    block.cutBack(2);
    block.addText("c");
    const first = block.take();
    block.addText("d".repeat(2_000_000));
    expect(Buffer.from(first.bytes).toString("utf8")).toBe(`a\n${long}\nc\n`);
    expect(first.ends).toEqual([2, 80_003, 80_005]);
    block.take();
    block.addText("e");
    expect(Buffer.from(block.take().bytes).toString("utf8")).toBe("e\n");
    block.addText("f");
    block.cutBack(0);
    expect([block.count(), block.take().bytes.length]).toEqual([0, 0]);
  });
});
