import type { IndexRecord } from "@gov/index-writer";
import type { JsonValue } from "@gov/schema";
import { canonicalJson } from "@gov/schema/canonical";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JournalCommit } from "@gov/atomic-io/journal";
import { LineTable } from "../src/internal/line-table.ts";
import { findPlainLines, pathOfPlain, placeSize, type PlainLines } from "../src/internal/plain-lines.ts";
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

/** The same record with nothing in its texts but ASCII. */
function asciiRecord(value: IndexRecord): IndexRecord {
  const ascii = (each: string): string => each.replace(/[^\0-\x7f]/g, "u");
  return {
    ...value,
    path: ascii(value.path).replace(/[\p{Cc}"]/gu, "-"),
    id: ascii(value.id),
    kind: ascii(value.kind),
    owners: value.owners.map(ascii),
    tags: value.tags.map(ascii),
    title: value.title === null ? null : ascii(value.title),
    version: value.version === null ? null : ascii(value.version),
  };
}

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

/** A commit whose changes are these texts, with other bytes before, between and behind them. */
function commitOf(texts: readonly string[], around = "\u0000\u0001\u0002"): { readonly commit: JournalCommit; readonly memory: Buffer } {
  const parts = texts.map((text) => Buffer.from(around + text));
  const memory = Buffer.from(Uint8Array.from(Buffer.concat([...parts, Buffer.from(around)])).buffer);
  let end = 0;
  const spans = Uint32Array.from(parts.flatMap((part) => [end + around.length, (end += part.length)]));
  return { commit: { firstSeq: 1, count: texts.length, bytes: memory, spans }, memory };
}

function linesOf(texts: readonly string[], around?: string): PlainLines {
  const { commit, memory } = commitOf(texts, around);
  return findPlainLines(commit, 0, memory);
}

const putOf = (line: string): string => `{"op":"put","record":${line}}`;
const isFound = ({ places }: PlainLines, number: number): boolean => (places[number * placeSize] as number) >= 0;
const lineAt = ({ memory, places }: PlainLines, number: number): string =>
  memory.toString("latin1", places[number * placeSize], places[number * placeSize + 1]);

function plainLine(line: string): PlainLines {
  const lines = linesOf([putOf(line)]);
  if (!isFound(lines, 0)) throw new Error(`Not plain: ${line}`);
  return lines;
}

/** What findPlainLines() is to find. */
function plainPath(line: string): string | null {
  const path = pathOfLine(line);
  return path === null || !/^[\0-\x7f]*$/.test(line) || JSON.stringify(path) !== `"${path}"` ? null : path;
}

describe("findPlainLines()", () => {
  it("finds the lines that pathOfLine() knows, as far as they are ASCII with a path that has no escapes", () => {
    const lines = fc.oneof(anyRecord, anyRecord.map(asciiRecord)).map(lineOf);
    const inserted = fc.constantFrom(
      "",
      '"',
      "\\",
      " ",
      "/",
      "0",
      "\u0001",
      ",",
      "]",
      "[",
      "null",
      "\\u0041",
      "\\u001f",
      "\\/",
      "\\n",
      "é",
      "./",
      "..",
      "A",
      "g",
      "}",
    );
    fc.assert(
      fc.property(lines, fc.nat(), inserted, fc.nat({ max: 2 }), (line, at, insert, cut) => {
        const place = at % (line.length + 1);
        for (const text of [line, line.slice(0, place) + insert + line.slice(place + cut)]) {
          const whole = Buffer.from(text).toString();
          const found = linesOf([putOf(whole)]);
          expect(isFound(found, 0) ? pathOfPlain(found, 0) : null).toBe(plainPath(whole));
          if (isFound(found, 0)) expect(lineAt(found, 0)).toBe(whole);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("finds no line that is cut off, whatever stood in its place before", () => {
    const put = putOf(lineOf(record("a/b.md", "title")));
    for (let length = 0; length < put.length; length++) expect(isFound(linesOf([put, put.slice(0, length)], ""), 1)).toBe(false);
    expect(isFound(linesOf([put], ""), 0)).toBe(true);
    expect(isFound(linesOf([`${put}}`], ""), 0)).toBe(false);
  });

  it("finds each of many, between longer ones than it looks at together, and from one on", () => {
    const titles = Array.from({ length: 700 }, (_, at) => "t".repeat(at % 100 === 99 ? 70_000 : at));
    const texts = titles.map((title, at) => lineOf(record(`d/${at}.md`, title)));
    const { commit, memory } = commitOf(texts.map(putOf));
    const lines = findPlainLines(commit, 3, memory);
    for (const [at, text] of texts.entries()) {
      if (at < 3) continue;
      expect(isFound(lines, at)).toBe(at % 100 !== 99);
      if (isFound(lines, at)) expect([lineAt(lines, at), pathOfPlain(lines, at)]).toEqual([text, `d/${at}.md`]);
    }
  });
});

describe("LineTable", () => {
  it("holds what a map would, wherever lines stand", () => {
    const names = fc.nat({ max: 40 }).map((number) => (number % 3 === 0 ? `é/${number}` : `d${number % 4}/${number}`));
    const steps = fc.array(fc.tuple(fc.constantFrom("text", "plain", "delete"), names, fc.nat({ max: 9 })), { maxLength: 300 });
    fc.assert(
      fc.property(steps, (taken) => {
        const table = new LineTable();
        const model = new Map<string, string>();
        for (const [how, name, title] of taken) {
          const isNew = !model.has(name);
          const line = lineOf(record(name, String(title)));
          if (how === "delete") expect(table.delete(name)).toBe(model.delete(name));
          else {
            const given = how === "plain" && !name.startsWith("é") ? table.setPlain(plainLine(line), 0) : table.set(name, line);
            expect(given >= 0).toBe(isNew);
            if (isNew) expect([table.holds(given), table.pathOf(given), table.lineOf(given)]).toEqual([true, name, line]);
            model.set(name, line);
          }
          expect([table.size, table.get(name), table.has(name)]).toEqual([model.size, model.get(name), model.has(name)]);
        }
        const entries = [...table.entries()];
        expect(entries.map((entry) => table.pathOf(entry)).sort()).toEqual([...model.keys()].sort());
        expect(entries.map((entry) => table.lineOf(entry)).sort()).toEqual([...model.values()].sort());
        for (const [path, line] of model) expect(table.get(path)).toBe(line);
      }),
      { numRuns: 100 },
    );
  });

  it("finds each of many", () => {
    const table = new LineTable();
    const count = 5_000;
    const lines = Array.from({ length: count }, (_, at) => lineOf(record(`d${at % 7}/${at}.md`)));
    const plain = linesOf(lines.map(putOf));
    lines.forEach((line, at) => (at < 3_000 ? table.set(`d${at % 7}/${at}.md`, line) : table.setPlain(plain, at)));
    expect(table.size).toBe(count);
    expect(lines.every((line, at) => table.get(`d${at % 7}/${at}.md`) === line)).toBe(true);
    expect(table.has("d1/0.md")).toBe(false);
  });
});

type Step = { readonly set: string } | { readonly plain: string } | { readonly drop: string } | "freeze" | "thaw";
const path = fc.constantFrom("a", "b", "c/d", "é", "z");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: path.map((set) => ({ set })) },
  { weight: 2, arbitrary: path.filter((each) => each !== "é").map((plain) => ({ plain })) },
  { weight: 3, arbitrary: path.map((drop) => ({ drop })) },
  { weight: 2, arbitrary: fc.constantFrom<Step>("freeze", "thaw") },
);

describe("RecordStore", () => {
  it("gives lines out some at a time, that together are a short text unless a single one is long", async () => {
    const store = new RecordStore();
    const lengths = [...Array.from({ length: 2_000 }, (_, at) => 1 + (at % 7) * 300), 100_000, 5, 100_000];
    lengths.forEach((length, at) => store.set(`p${at}`, lineOf(record(`p${String(at).padStart(5, "0")}`, "t".repeat(length)))));
    const sorted = await store.freeze().sorted(async () => undefined);
    const slices = [...sorted.slices()];
    expect(slices.flat()).toHaveLength(lengths.length);
    for (const slice of slices) {
      expect(slice.length).toBeLessThanOrEqual(500);
      expect(slice.slice(0, -1).join("").length).toBeLessThan(32_768);
    }
  });

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
          else if ("plain" in each) {
            const line = lineOf(record(each.plain, String(at)));
            if (frozen === null) store.setPlain(plainLine(line), 0);
            else {
              expect(() => store.setPlain(plainLine(line), 0)).toThrow(TypeError);
              store.set(each.plain, line);
            }
            model.set(each.plain, line);
          } else if ("set" in each) {
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
