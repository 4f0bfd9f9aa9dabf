import {
  checkDocuments,
  createKindRegistry,
  parseDocument,
  type ParseDocumentOptions,
  type ParsedDocument,
  parseGovConfig,
  registryFromConfig,
} from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const bytes = (text: string) => new TextEncoder().encode(text);
function read(text: string, frontMatter: ParseDocumentOptions["frontMatter"], path = "a.md"): ParsedDocument {
  const result = parseDocument({ path, bytes: bytes(text) }, { frontMatter, format: "markdown" });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}
/** The text from where a value is said to stand. */
function textAt(text: string, document: ParsedDocument, pointer: string): string {
  const at = document.locate(pointer);
  return (text.split("\n")[(at?.line ?? 0) - 1] ?? "").slice((at?.column ?? 0) - 1);
}

describe("parseDocument() of plain Markdown headers", () => {
  it.each([
    ["a line", "# Use YAML\n\nStatus: Accepted\nDate: 2024-01-15\n\nText: not a header\n", "Accepted"],
    ["a list item", "# Use YAML\n\n* Status: accepted\n- Date: 2024-01-15\n", "accepted"],
    ["emphasis", "# Use YAML #\n\n**Status:** Accepted <!-- or not -->\n__Date__: 2024-01-15\n", "Accepted"],
    ["emphasis of the value", "# Use YAML\r\n\r\nStatus: **Accepted**\r\nDate: `2024-01-15`\r\n", "Accepted"],
    [
      "a section",
      "# Use YAML\n\nText\n\n## Status\n\n<!-- hint -->\n\nAccepted\n\nSuperseded by 7\n\n### Date\n2024-01-15\n\n# More",
      "Accepted",
    ],
    ["a section in bold", "# Use YAML\n## Date ##\n2024-01-15\n## STATUS\n**Accepted**\n", "Accepted"],
  ])("reads status and date from %s", (_, text, status) => {
    const document = read(text, "headers");
    expect(document).toMatchObject({
      dialect: "headers",
      data: { title: "Use YAML", status, date: "2024-01-15" },
      body: text,
      frontMatter: null,
    });
    for (const [pointer, value] of [
      ["/status", status],
      ["/date", "2024-01-15"],
      ["/title", "Use YAML"],
    ] as const) {
      expect(
        textAt(text, document, pointer)
          .replace(/^[*`]+/, "")
          .startsWith(value),
        pointer,
      ).toBe(true);
      expect(document.sourceText(pointer)).toContain(value);
    }
  });

  it("gives a list for a section that is one, and stops at what is no part of it", () => {
    const text = "# T\n## Deciders\n- Ada\n\n1. Bob\nAfter\n- Eve\n## Status\nAccepted\nsince May\n```\n## Status\n```\n";
    const document = read(text, "headers");
    expect(document.data).toEqual({ title: "T", deciders: ["Ada", "Bob"], status: "Accepted since May" });
    expect(document.sourceText("/deciders")).toBe("Ada\nBob");
  });

  it("takes the first of two, and nothing out of code, later text, or lines too long to read", () => {
    const text = `Status: first\nStatus: second\n\`\`\`\nowner: code\n\`\`\`\nowner: late\n## Status\nthird\n${"x".repeat(3_000)}: y\n`;
    expect(read(text, "headers").data).toEqual({ status: "first" });
    expect(read("https://example.org: x\n", "headers").data).toEqual({});
    expect(read("__proto__: x\nconstructor: y\n", "headers").data).toEqual({ proto: "x", constructor: "y" });
  });

  it("reads front matter first where there is some, and places both", () => {
    const text = "---\nstatus: draft # c\nversion: 1.10\n---\n# T\n\nStatus: accepted\nDate:\n";
    const document = read(text, "headers");
    expect(document.data).toEqual({ title: "T", status: "draft", date: null, version: 1.1 });
    expect([document.frontMatter, document.body, document.bodyLine]).toEqual([
      "status: draft # c\nversion: 1.10\n",
      "# T\n\nStatus: accepted\nDate:\n",
      5,
    ]);
    expect(textAt(text, document, "/status")).toBe("draft # c");
    expect(textAt(text, document, "/title")).toBe("T");
    expect(document.locate("/date")).toEqual({ line: 8, column: 1 });
    expect(document.sourceText("/version")).toBe("1.10");
  });
});

describe("parseDocument() of mail headers", () => {
  const pep =
    "PEP: 8\nTitle: Style: a guide\nAuthor: Ada <a@x.org>,\n        Bob <b@x.org>\nStatus: Active\nResolution:\n\nIntroduction\n============\n\nText: body\n";

  it("reads them as text to the first empty line, unfolded, with their places", () => {
    const document = read(pep, "rfc822", "pep-0008.rst");
    expect(document.data).toEqual({
      PEP: "8",
      Title: "Style: a guide",
      Author: "Ada <a@x.org>, Bob <b@x.org>",
      Status: "Active",
      Resolution: null,
    });
    expect([document.dialect, document.bodyLine]).toEqual(["rfc822", 7]);
    expect(`${document.frontMatter ?? ""}${document.body ?? ""}`).toBe(pep);
    expect(textAt(pep, document, "/Status")).toBe("Active");
    expect(document.sourceText("/Author")).toBe("Ada <a@x.org>,\n        Bob <b@x.org>");
    expect(document.locate("/Resolution")).toEqual({ line: 6, column: 1 });
  });

  it.each(["", "\nPEP: 8\n", "Introduction\n\nPEP: 8\n", "https://example.org\n"])("finds none in %j", (text) => {
    expect(read(text, "rfc822")).toMatchObject({ dialect: null, data: {}, body: text, frontMatter: null });
  });

  it("refuses what is no header among headers, and a header given twice", () => {
    const result = parseDocument({ path: "a.md", bytes: bytes("PEP: 8\nno header\nPEP: 9\n\nbody") }, { frontMatter: "rfc822" });
    expect(result.ok).toBe(false);
    expect(result.findings.map((finding) => [finding.code, finding.line])).toEqual([
      ["SCHEMA_LINE_SYNTAX", 2],
      ["SCHEMA_DUPLICATE_KEY", 3],
    ]);
    const many = parseDocument({ path: "a.md", bytes: bytes("a: 1\nb: 2\nc: 3\n") }, { frontMatter: "rfc822", limits: { maxNodes: 2 } });
    expect(many.findings[0]?.code).toBe("SCHEMA_TOO_LARGE");
  });

  it("gives headers and body back byte for byte, whatever the text", () => {
    const line = fc.oneof(fc.constantFrom("A: 1", "B:", " folded", "", "text", "\t", "C : x"), fc.string());
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom("\n", "\r\n"), (lines, eol) => {
        const text = lines.join(eol);
        for (const frontMatter of ["rfc822", "headers"] as const) {
          const result = parseDocument({ path: "a.md", bytes: bytes(text) }, { frontMatter });
          if (!result.ok || text.startsWith("\ufeff") || text.startsWith("---")) continue;
          expect(`${result.value.frontMatter ?? ""}${result.value.body ?? ""}`).toBe(text);
        }
      }),
      { seed: 822, numRuns: 500 },
    );
  });
});

describe("gov.yaml with other dialects", () => {
  it("lets a user's kind choose headers, mail headers and JSON with comments (SCH-10)", () => {
    const config = parseGovConfig({
      path: "gov.yaml",
      bytes: bytes(`version: 1
kinds:
  adr:
    include: [adr/*.md]
    front_matter: headers
    fields: { id: { path: stem }, status: /status, title: /title }
    statuses: { Accepted: approved, Proposed: draft }
  pep:
    include: [peps/*.rst]
    format: markdown
    front_matter: rfc822
    fields: { id: /PEP, status: /Status, title: /Title }
    statuses: { Final: approved }
  settings:
    include: [settings/*.json]
    format: jsonc
`),
    });
    if (!config.ok) throw new Error(JSON.stringify(config.findings));
    const registry = registryFromConfig(config.value, new Map());
    if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
    const report = checkDocuments(
      [
        { path: "adr/0001-use-yaml.md", bytes: bytes("# Use YAML\n\n## Status\n\nAccepted\n") },
        { path: "peps/pep-0008.rst", bytes: bytes("PEP: 8\nTitle: Style\nStatus: Final\n\nText\n") },
        { path: "settings/a.json", bytes: bytes('{"a": 1, /* why */ }') },
      ],
      registry.value,
    );
    expect(report.findings).toEqual([]);
    expect(report.artifacts.map(({ id, status, title, data }) => [id, status, title, data])).toEqual([
      ["0001-use-yaml", "approved", "Use YAML", { title: "Use YAML", status: "Accepted" }],
      ["8", "approved", "Style", { PEP: "8", Title: "Style", Status: "Final" }],
      ["settings/a.json", null, null, { a: 1 }],
    ]);
  });

  it("checks documents of kinds that ship as before", () => {
    const registry = createKindRegistry();
    expect(registry.ok && checkDocuments([{ path: "a.md", bytes: bytes("Status: draft\n") }], registry.value).artifacts).toEqual([]);
  });
});
