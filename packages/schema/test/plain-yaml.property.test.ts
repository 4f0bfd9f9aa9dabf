import { parseDocument } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { readPlainYaml } from "../src/internal/plain-yaml.ts";
import { comparePlainYaml, differenceOf, realTexts, wrongReaders } from "./plain-yaml.ts";

const mustHaveCorpora = (process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("corpora");

describe("readPlainYaml()", () => {
  it("says of generated, real and mutated texts what the parser says, in value, order, place and source text, in a sample (SCH-10)", () => {
    const report = comparePlainYaml({ answers: 4_000, seed: 20_261_126 });
    expect(report.different).toEqual([]);
    expect(report.answered).toBe(4_000);
    expect(report.left).toBeGreaterThan(1_000);
  });

  it.each(Object.entries(wrongReaders))("is compared closely enough to catch a shortcut that %s", (_name, read) => {
    expect(comparePlainYaml({ answers: 6_000, seed: 1, read }).different.length).toBeGreaterThan(0);
  });

  // Where the corpora must be there, a sample of nothing is a failure and not a skip.
  it.skipIf(realTexts().length === 0 && !mustHaveCorpora)("answers for most front matter that people wrote, as the parser does", () => {
    const texts = realTexts();
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.flatMap((text) => differenceOf(text) ?? [])).toEqual([]);
    const answered = texts.filter((text) => readPlainYaml(text) !== null);
    expect(answered.length).toBeGreaterThanOrEqual(texts.length / 2);
  });

  it.each([
    ["a comment behind a value", "a: b # c\n"],
    ["a tab", "a:\tb\n"],
    ["a carriage return", "a: b\r\n"],
    ["an anchor", "a: &x b\n"],
    ["an alias", "a: *x\n"],
    ["a tag", "a: !!str 1\n"],
    ["a repeated key", "a: 1\na: 2\n"],
    ["a key that is no name", "1: a\n"],
    ["a key that objects know by themselves", "__proto__: a\n"],
    ["a merge key", "<<: a\n"],
    ["text over two lines", "a: b\n  c\n"],
    ["a number with a remark", "a: 1.10\n"],
    ["a number too long to be exact", "a: 12345678901234567890\n"],
    ["infinity", "a: .inf\n"],
    ["an escape", 'a: "\\n"\n'],
    ["a doubled quote", "a: 'it''s'\n"],
    ["a mapping in braces", "a: {b: c}\n"],
    ["a list of lists", "a: [[b]]\n"],
    ["a folded text with a deeper line", "a: >-\n  b\n    c\n"],
    ["a second document", "a: b\n---\nc: d\n"],
    ["a directive", "%YAML 1.1\n---\na: b\n"],
    [
      "nesting beyond eight levels",
      `${Array.from({ length: 9 }, (_, level) => `${" ".repeat(level)}a:\n`).join("")}${" ".repeat(9)}a: b\n`,
    ],
    ["a list", "- a\n"],
    ["nothing", ""],
  ])("leaves %s to the parser", (_what, text) => {
    expect(readPlainYaml(text)).toBeNull();
  });

  it("gives way to the limits of the reader, which the parser keeps", () => {
    const bytes = new TextEncoder().encode("a:\n  b: [1, 2, 3]\n");
    const codes = (limits: object): readonly string[] =>
      parseDocument({ path: "a.yaml", bytes }, { limits }).findings.map(({ code }) => code);
    expect(codes({})).toEqual([]);
    expect(codes({ maxNodes: 3 })).toEqual(["SCHEMA_TOO_LARGE"]);
    expect(codes({ maxDepth: 2 })).toEqual(["SCHEMA_TOO_DEEP"]);
  });

  it("leaves notes for other readers to the parser, too", () => {
    const bytes = new TextEncoder().encode("a: yes\n");
    expect(parseDocument({ path: "a.yaml", bytes }).findings).toEqual([]);
    expect(parseDocument({ path: "a.yaml", bytes }, { lint: true }).findings.map(({ code }) => code)).toEqual(["SCHEMA_YAML_DIFFERS"]);
  });
});
