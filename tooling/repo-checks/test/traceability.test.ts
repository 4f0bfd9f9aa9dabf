import { describe, expect, it } from "vitest";
import { findUntraced } from "../src/checks/traceability.ts";
import type { Reasons } from "../src/data/unshown.ts";
import { renderTraceability } from "../src/traceability/render-traceability.ts";
import { broken, placed } from "./repository.ts";

const rows = [
  "| id | requirement | source | package |",
  "|---|---|---|---|",
  "| HYD-01 | Precedence `a \\| b` | 0:T-04 | HYD |",
  "| HYD-02 | Vectors | 0:T-04 | HYD |",
  "",
];
const requirements = { "docs/requirements.md": rows.join("\n") };
const withTest = (text: string): Readonly<Record<string, string>> => ({ ...requirements, "packages/gates/test/a.test.ts": text });
const shows = withTest('describe("select()", () => {\n  it("prefers approved (HYD-01)", () => {});\n});\n');

describe("renderTraceability()", () => {
  it("lists the tests of a row with their titles, and counts the rows", () => {
    const text = renderTraceability(broken(shows));
    expect(text).toContain("Shown: 1 · with a reason: 0 · neither: 1 · in all: 2");
    expect(text).toContain(
      "| HYD-01 | Precedence `a \\| b` | HYD | [packages/gates/test/a.test.ts](../packages/gates/test/a.test.ts) › select() › prefers approved (HYD-01) |",
    );
    expect(text).toContain("| HYD-02 | Vectors | HYD | – |");
  });

  it("counts the resolutions of part B apart", () => {
    const more = { "docs/requirements.md": [...rows, "| B-01 | Which gate runs where | c11§3 | Data |", ""].join("\n") };
    const text = renderTraceability(broken({ ...shows, ...more }));
    expect(text).toMatch(
      /## Requirements\n\nShown: 1 · with a reason: 0 · neither: 1 · in all: 2\n[^]*## Resolutions\n\nShown: 0 · with a reason: 0 · neither: 1 · in all: 1\n/,
    );
  });

  it("shortens a long text at a word, and never leaves a code span open", () => {
    const long = (text: string): string => renderTraceability(broken({ "docs/requirements.md": `| HYD-01 | ${text} | 0 | HYD |\n` }));
    expect(long("word ".repeat(40))).toContain(`| HYD-01 | ${"word ".repeat(20)}… | HYD |`);
    expect(long(`Path \`${"a/".repeat(90)}\``)).toContain(`| HYD-01 | Path \`${"a/".repeat(45)}…\` | HYD |`);
  });

  it.each([
    ["a comment", '// HYD-01\nit("a", () => {});\n'],
    ["a string in a body", 'it("a", () => {\n  f("HYD-01");\n});\n'],
    ["a skipped test", 'it.skip("a (HYD-01)", () => {});\n'],
    ["a test in a skipped group", 'describe.skip("HYD-01", () => {\n  it("a", () => {});\n});\n'],
    ["a group without tests", 'describe("a (HYD-01)", () => {});\n'],
    ["a planned test", 'it.todo("a (HYD-01)");\n'],
  ])("does not take an id from %s", (_, text) => {
    expect(renderTraceability(broken(withTest(text)))).toContain("Shown: 0");
  });

  it.each([
    ["the title of a group", 'describe("a (HYD-01)", () => {\n  it("b", () => {});\n});\n'],
    ["a table of tests", 'it.each([1])("a %s (HYD-01)", () => {});\n'],
    ["a conditional test", 'it.skipIf(x)("a (HYD-01)", () => {});\n'],
    ["a template", "it(`a ${b} (HYD-01)`, () => {});\n"],
  ])("takes an id from %s", (_, text) => {
    expect(renderTraceability(broken(withTest(text)))).toContain("Shown: 1");
  });
});

describe("traceability", () => {
  const hyd02: Reasons = new Map([["HYD-02", "Vectors are published by somebody else."]]);
  const fresh = (files: Readonly<Record<string, string>>, reasons: Reasons = hyd02): Readonly<Record<string, string>> => ({
    ...files,
    "docs/traceability.md": renderTraceability(broken(files), reasons),
  });
  const traced = (files: Readonly<Record<string, string>>, reasons: Reasons = hyd02) => placed(findUntraced(broken(files), reasons));

  it("accepts a fresh report, in which a row has a test or a reason", () => {
    expect(traced(fresh(shows))).toEqual([]);
    expect(fresh(shows)["docs/traceability.md"]).toContain("| HYD-02 | Vectors | HYD | Vectors are published by somebody else. |");
  });

  it("catches a stale report", () => {
    const files = { ...fresh(shows), "packages/gates/test/b.test.ts": 'it("b (HYD-01)", () => {});\n' };
    expect(traced(files)[0]).toContain("stale");
  });

  it("catches a row with neither test nor reason, one with both, and a reason for no row", () => {
    expect(traced(fresh(shows, new Map()), new Map())[0]).toContain('"HYD-02" has neither a test nor a reason');
    const both: Reasons = new Map([...hyd02, ["HYD-01", "None."]]);
    expect(traced(fresh(shows, both), both)[0]).toContain('"HYD-01" has a test, or is no requirement');
    const foreign: Reasons = new Map([...hyd02, ["HYD-09", "None."]]);
    expect(traced(fresh(shows, foreign), foreign)[0]).toContain('"HYD-09" has a test, or is no requirement');
  });

  it("catches an id that no requirement has, and no abbreviation", () => {
    const reasons: Reasons = new Map([...hyd02, ["HYD-01", "None."]]);
    const files = fresh(withTest('it("reads UTF-16 (HYD-99)", () => {});\n'), reasons);
    expect(traced(files, reasons)).toEqual([
      'packages/gates/test/a.test.ts:1 Test names "HYD-99", which docs/requirements.md does not know',
    ]);
  });

  it("catches two rows of one id, and a list without rows", () => {
    const twice = fresh({ ...shows, "docs/requirements.md": [...rows, "| HYD-01 | Again | x | HYD |", ""].join("\n") });
    expect(traced(twice)[0]).toContain('"HYD-01" has two rows');
    expect(traced(fresh({}, new Map()), new Map())[0]).toContain("No requirement found");
  });
});
