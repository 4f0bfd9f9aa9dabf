import { canonicalJson } from "@gov/schema/canonical";
import type { JsonValue } from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineOf, pathOfLine, recordOfLine } from "../src/internal/record-line.ts";
import { RecordStore } from "../src/internal/record-store.ts";
import { record } from "./records.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom('"path":"x"', "\\", "\u2028", "\u0000\u001f\u007f", "é😀", "toJSON"),
);
const segment = text.map((value) => value.replace(/[/\\\0]/g, "_")).filter((value) => value !== "" && value !== "." && value !== "..");
const anyRecord = fc.record({
  path: fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
  id: text.filter((value) => value !== ""),
  kind: text.filter((value) => value !== ""),
  version: fc.option(text),
  status: fc.constantFrom("draft" as const, "review" as const, "approved" as const, null),
  title: fc.option(text),
  owners: fc.array(text, { maxLength: 2 }),
  tags: fc.array(text, { maxLength: 2 }),
  digest: fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}` as const),
  size: fc.nat({ max: 999_999_999_999_999 }),
});

describe("pathOfLine()", () => {
  it("knows the RFC 8785 form of every record, and it alone", () => {
    fc.assert(
      fc.property(anyRecord, (value) => {
        const line = lineOf(value);
        expect(line).toBe(canonicalJson(value as unknown as JsonValue));
        expect(pathOfLine(line)).toBe(value.path);
        expect(recordOfLine(line)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it("takes no changed line for a line, unless it is that of another record", () => {
    fc.assert(
      fc.property(
        anyRecord,
        fc.nat(),
        fc.constantFrom("", '"', "\\", " ", "/", "0", "\u0001", ",", "]", "null", "\\u0041", "\\/"),
        (value, at, inserted) => {
          const line = lineOf(value);
          const place = at % (line.length + 1);
          for (const changed of [
            line.slice(0, place) + inserted + line.slice(place),
            line.slice(0, place) + inserted + line.slice(place + 1),
          ]) {
            // As it comes from a file: without halves of surrogate pairs.
            const path = pathOfLine(Buffer.from(changed).toString());
            if (path === null) continue;
            const found = recordOfLine(Buffer.from(changed).toString());
            expect([found.path, canonicalJson(found as unknown as JsonValue)]).toEqual([path, Buffer.from(changed).toString()]);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

type Step = { readonly set: string } | { readonly drop: string } | "freeze" | "thaw";
const path = fc.constantFrom("a", "b", "c/d", "é", "z");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: path.map((set) => ({ set })) },
  { weight: 3, arbitrary: path.map((drop) => ({ drop })) },
  { weight: 2, arbitrary: fc.constantFrom<Step>("freeze", "thaw") },
);

describe("RecordStore", () => {
  it("holds what a map would, and frozen lines are those of the moment, in order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const store = new RecordStore();
        const model = new Map<string, string>();
        let frozen: { readonly wanted: readonly string[]; readonly held: ReturnType<RecordStore["freeze"]> } | null = null;
        const breathe = async (): Promise<void> => undefined;
        const check = async (): Promise<void> => {
          if (frozen === null) return;
          const sorted = await frozen.held.sorted(breathe);
          expect([...sorted.slices()].flat()).toEqual(frozen.wanted);
          expect(sorted.count).toBe(frozen.wanted.length);
          await store.thaw(breathe);
          frozen = null;
        };
        const lines = (): readonly string[] => [...model].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
        for (const [at, each] of steps.entries()) {
          if (each === "freeze") {
            if (frozen === null) frozen = { wanted: lines(), held: store.freeze() };
            else expect(() => store.freeze()).toThrow(TypeError);
          } else if (each === "thaw") await check();
          else if ("set" in each) {
            const line = lineOf(record(each.set, String(at)));
            store.set(each.set, line);
            model.set(each.set, line);
          } else {
            store.delete(each.drop);
            model.delete(each.drop);
          }
          expect(store.size).toBe(model.size);
          expect(store.records().map((found) => lineOf(found))).toEqual(lines());
        }
        await check();
        expect(store.records().map((found) => lineOf(found))).toEqual(lines());
      }),
      { numRuns: 300 },
    );
  });
});
