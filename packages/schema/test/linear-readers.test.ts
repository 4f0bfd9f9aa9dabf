import { parseDocument, parseDuration, type ParseDocumentOptions } from "@gov/schema";
import { fingerprintFindings, renderMarkdown } from "@gov/schema/findings";
import { parseLcov, parseSarif } from "@gov/schema/reports";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";

const bytes = (text: string) => new TextEncoder().encode(text);
const size = 250_000;
/** What a pattern with more than one way to match would take the square of its length for. */
const pieces = [
  " ",
  "\t",
  "#",
  "# ",
  "-",
  "*",
  "_",
  "<!--",
  "-->",
  "a",
  "a ",
  "a:",
  ",",
  "/*",
  "//",
  '"',
  "\\",
  "`",
  "|",
  "0",
  "0:",
  "\n",
  "\n ",
  "\r\n",
  "- ",
  "[",
  "]]>",
];

describe("readers and renderers", () => {
  it.each<[string, string, string, ParseDocumentOptions]>([
    ["headers", "a.md", "# ", { frontMatter: "headers" }],
    ["header lines", "a.md", "a: ", { frontMatter: "headers" }],
    ["sections", "a.md", "## Status\n", { frontMatter: "headers" }],
    ["mail headers", "a.md", "A: ", { frontMatter: "rfc822" }],
    ["front matter in lines", "a.md", "---\na: ", { frontMatter: "line" }],
    ["JSON with comments", "a.jsonc", "[", {}],
    ["YAML", "a.yaml", "a: ", { lint: true }],
  ])("take time in step with the length of %s, whatever stands there", { timeout: 120_000 }, (_, path, start, options) => {
    for (const piece of pieces) {
      const lines = [piece.repeat(size / piece.length), `${piece.repeat(1_900 / piece.length)}x\n`.repeat(size / 1_900)];
      for (const line of lines) {
        const took = stopwatch();
        parseDocument({ path, bytes: bytes(`${start}${line}x`) }, options);
        expect(took(), JSON.stringify(piece)).toBeLessThan(5_000);
      }
    }
  });

  it("count nothing against a long document that is well written", () => {
    const lines = Array.from(
      { length: 500 },
      (_, index) => `"k${String(index)}": [1, {a: "b"}] # c\n'l${String(index)}':\n  - "x" # d\n\n`,
    );
    expect(parseDocument({ path: "a.yaml", bytes: bytes(`${lines.join("")}...\n# end\n`) })).toMatchObject({ ok: true, findings: [] });
  });

  it("take time in step with the length of reports, paths and texts", () => {
    const took = stopwatch();
    for (const piece of ["/", "{", "{0}", ",", "%", "`", "` ", "@", "#1", " "]) {
      const text = piece.repeat(size / piece.length);
      const results = [{ ruleId: text, message: { text } }];
      parseSarif({
        path: "s",
        bytes: bytes(JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver: { name: "t", rules: [{ id: "x" }] } }, results }] })),
      });
      parseLcov({ path: "l", bytes: bytes(`SF:a\nBRDA:1,${text}\nend_of_record\n`) });
      parseDuration(text);
      const finding = { code: text, severity: "error", message: text, path: text, line: 1, column: 1 } as const;
      fingerprintFindings([finding]);
      renderMarkdown([finding]);
    }
    expect(took()).toBeLessThan(20_000);
  });
});
