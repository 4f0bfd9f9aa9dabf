import { createHash } from "node:crypto";
import { type Finding, isSchemaError } from "@gov/schema";
import { fingerprintFindings, renderAnnotations, renderJunit, renderMarkdown, renderSarif, sarifLimits } from "@gov/schema/findings";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLog, sarifSubset, type SarifRun } from "./sarif-subset.ts";

function finding(over: Partial<Finding> = {}): Finding {
  return { code: "SCHEMA_TAG", severity: "error", message: "Entry is no tag", path: "plans/a.md", line: 3, column: 5, ...over };
}

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "]]>",
    "-->",
    "::error::x",
    "%0A",
    "\r\n::set-output",
    "@team",
    "#12",
    "https://x.y",
    "<img src=x>",
    "`a`",
    "\u0000",
    "\ud800",
  ),
);
const anyFinding: fc.Arbitrary<Finding> = fc.record({
  code: fc.constantFrom("A", "B", "C_D"),
  severity: fc.constantFrom("error", "warning", "note"),
  message: hostile,
  path: fc.option(fc.oneof(hostile, fc.constantFrom("a.md", "b/ü c.md"))),
  line: fc.option(fc.integer({ min: 1, max: 1e6 })),
  column: fc.option(fc.integer({ min: 1, max: 1e4 })),
  hint: fc.option(hostile, { nil: undefined }),
});
const anyFindings = fc.array(anyFinding, { maxLength: 12 });
const runs = { numRuns: 300, seed: 20_251_121 };

describe("fingerprintFindings()", () => {
  const lines = (text: string) => (_path: string, line: number) => text.split("\n")[line - 1] ?? null;

  it("knows a finding again after lines were added above it, re-indented, or the text it points to moved", () => {
    const before = [finding({ line: 1 }), finding({ line: 2, message: "Id is given twice: first on line 1" })];
    const after = [finding({ line: 4, column: 9 }), finding({ line: 5, message: "Id is given twice: first on line 4" })];
    expect(fingerprintFindings(before, { sourceLine: lines("tags: [1]\nid: x") })).toEqual(
      fingerprintFindings(after, { sourceLine: lines("\n\n\n    tags: [1]\nid: x") }),
    );
  });

  it("tells findings apart by code, path, message and line, and numbers the rest in order, whatever order they come in", () => {
    const list = [finding(), finding({ code: "B" }), finding({ path: "b.md" }), finding({ message: "m" }), finding({ line: 9 })];
    const prints = fingerprintFindings(list);
    expect(new Set(prints).size).toBe(5);
    expect([prints[0]?.slice(-2), prints[4]?.slice(-2)]).toEqual([":1", ":2"]);
    expect(fingerprintFindings([...list].reverse())).toEqual([...prints].reverse());
    for (const print of prints) expect(print).toMatch(/^[0-9a-f]{32}:\d+$/);
  });
});

describe("renderSarif()", () => {
  const tool = { name: "gov", version: "0.1.0", informationUri: "https://example.org/gov" };
  const conforms = new Ajv2020({ allErrors: true, strict: true }).compile(sarifSubset);

  it("writes what SARIF 2.1.0 and code scanning ask for, whatever the findings say", () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const log = parseLog(renderSarif(findings, { tool, fallbackPath: "gov.yaml" }));
        expect(conforms(log), JSON.stringify(conforms.errors)).toBe(true);
        const run = log.runs[0]!;
        expect(run.results).toHaveLength(findings.length);
        for (const result of run.results) {
          expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
          expect(new URL(result.locations[0]!.physicalLocation.artifactLocation.uri, "file:///root/").protocol).toBe("file:");
        }
        expect(new Set(run.results.map((result) => JSON.stringify(result.partialFingerprints))).size).toBe(findings.length);
      }),
      runs,
    );
  });

  it("notices a log that breaks the rules: the subset of the schema is no formality", () => {
    const log = parseLog(renderSarif([finding()], { tool }));
    const breakages: ((run: SarifRun) => void)[] = [
      (run) => delete run.tool.driver.name,
      (run) => delete run.results[0]?.message.text,
      (run) => run.results.forEach((result) => (result.level = "fatal")),
      (run) => run.results.forEach(({ locations }) => (locations[0]!.physicalLocation.region.startLine = 0)),
      (run) => run.results.forEach(({ locations }) => (locations[0]!.physicalLocation.artifactLocation.uri = "a b.md")),
    ];
    for (const mutate of breakages) {
      const mutant = structuredClone(log);
      mutant.runs.forEach(mutate);
      expect(conforms(mutant)).toBe(false);
    }
    expect(conforms(log)).toBe(true);
  });

  it("describes the rules it knows and weighs others by their heaviest finding", () => {
    const rules = new Map([["A", { description: "What", help: "Do", helpUri: "https://example.org/A", severity: "note" as const }]]);
    const findings = [
      finding({ code: "B", severity: "warning" }),
      finding({ code: "B", severity: "error", line: 4 }),
      finding({ code: "A" }),
    ];
    const [run] = parseLog(renderSarif(findings, { tool, rules })).runs;
    expect(run?.tool.driver.rules).toEqual([
      {
        id: "A",
        shortDescription: { text: "What" },
        fullDescription: { text: "What" },
        help: { text: "Do" },
        helpUri: "https://example.org/A",
        defaultConfiguration: { level: "note" },
      },
      { id: "B", defaultConfiguration: { level: "error" } },
    ]);
    expect(run?.automationDetails.id).toBe("gov/");
  });

  it("shortens the description of a rule to what GitHub takes, and never within a character", () => {
    const described = (description: string): string | undefined => {
      const [run] = parseLog(renderSarif([finding({ code: "A" })], { tool, rules: new Map([["A", { description }]]) })).runs;
      return (run?.tool.driver.rules[0] as { readonly fullDescription?: { readonly text: string } } | undefined)?.fullDescription?.text;
    };
    expect(described("x".repeat(1024))).toBe("x".repeat(1024));
    expect(described("x".repeat(1025))).toBe(`${"x".repeat(1023)}…`);
    expect(described(`${"x".repeat(1022)}\u{1f600}x`)).toBe(`${"x".repeat(1022)}…`);
  });

  it("leaves a finding without a document without a place when no fallback is given", () => {
    const [run] = parseLog(renderSarif([finding({ path: null })], { tool, category: "docs" })).runs;
    expect(run?.results[0]?.locations).toBeUndefined();
    expect(run?.automationDetails.id).toBe("docs/");
  });

  it("continues in further runs of their own category above 25,000 findings, and leaves none out", () => {
    const findings = Array.from({ length: sarifLimits.resultsPerRun + 1 }, (_, index) => finding({ line: index + 1 }));
    const log = parseLog(renderSarif(findings, { tool }));
    expect(log.runs.map((run) => [run.automationDetails.id, run.results.length])).toEqual([
      ["gov/", 25_000],
      ["gov-part-2/", 1],
    ]);
    expect(conforms(log)).toBe(true);
  });

  it("refuses more findings than 20 runs hold, instead of leaving some out (SCHEMA_SARIF_LIMIT)", () => {
    const findings = new Array<Finding>(sarifLimits.runs * sarifLimits.resultsPerRun + 1).fill(finding());
    let thrown: unknown;
    try {
      renderSarif(findings, { tool });
    } catch (error) {
      thrown = error;
    }
    expect(isSchemaError(thrown) && [thrown.code, thrown.details]).toEqual(["SCHEMA_SARIF_LIMIT", { findings: 500_001, limit: 500_000 }]);
  });
});

describe("renderSarif() of what is large once compressed", () => {
  const sarifOf = (length: number) => {
    // Text that hardly compresses, and is the same every time.
    const noise = createHash("shake256", { outputLength: length }).update("noise").digest("base64");
    const messages = Array.from({ length: Math.ceil(noise.length / 4000) }, (_, index) => noise.slice(index * 4000, (index + 1) * 4000));
    return renderSarif(
      messages.map((message, index) => finding({ message, line: index + 1 })),
      { tool: { name: "gov" } },
    );
  };

  it("refuses a log above 10 MB of gzip, and writes one below whatever its text has (SCHEMA_SARIF_LIMIT)", () => {
    const text = sarifOf(9_000_000);
    expect([text.length > sarifLimits.compressedBytes, parseLog(text).runs]).toMatchObject([true, [{}]]);
    let thrown: unknown;
    try {
      sarifOf(10_100_000);
    } catch (error) {
      thrown = error;
    }
    expect(isSchemaError(thrown) && [thrown.code, thrown.details]).toMatchObject(["SCHEMA_SARIF_LIMIT", { limit: 10_000_000 }]);
  });
});

describe("renderJunit()", () => {
  it("counts a test per document and code, fails it by severity, and lists the documents that passed", () => {
    const findings = [
      finding({ hint: "Rewrite it", expected: '"Key"' }),
      finding({ line: 9, column: null }),
      finding({ severity: "note", line: 10 }),
      finding({ code: "SCHEMA_BOM", severity: "warning", line: null, column: null }),
      finding({ path: null, line: null, column: null }),
    ];
    expect(renderJunit(findings, { paths: ["plans/b.md", "plans/a.md"] })).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites name="gov" tests="4" failures="2" errors="0">',
        '  <testsuite name="gov" tests="1" failures="1" errors="0" skipped="0">',
        '    <testcase classname="gov" name="SCHEMA_TAG">',
        '      <failure message="Entry is no tag" type="SCHEMA_TAG">gov: error: Entry is no tag</failure>',
        "    </testcase>",
        "  </testsuite>",
        '  <testsuite name="plans/a.md" tests="2" failures="1" errors="0" skipped="0">',
        '    <testcase classname="plans/a.md" name="SCHEMA_BOM">',
        "      <system-out>plans/a.md: warning: Entry is no tag</system-out>",
        "    </testcase>",
        '    <testcase classname="plans/a.md" name="SCHEMA_TAG" file="plans/a.md" line="3">',
        '      <failure message="Entry is no tag. Expected: &quot;Key&quot;. Rewrite it" type="SCHEMA_TAG">' +
          "plans/a.md:3:5: error: Entry is no tag. Expected: &quot;Key&quot;. Rewrite it",
        "plans/a.md:9: error: Entry is no tag</failure>",
        "      <system-out>plans/a.md:10:5: note: Entry is no tag</system-out>",
        "    </testcase>",
        "  </testsuite>",
        '  <testsuite name="plans/b.md" tests="1" failures="0" errors="0" skipped="0">',
        '    <testcase classname="plans/b.md" name="valid"/>',
        "  </testsuite>",
        "</testsuites>\n",
      ].join("\n"),
    );
  });

  it("fails a strict run on warnings", () => {
    expect(renderJunit([finding({ severity: "warning" })], { failOn: "warning" })).toContain('failures="1"');
  });

  it("carries nothing that XML cannot, whatever the findings say", () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const xml = renderJunit(findings);
        // eslint-disable-next-line no-control-regex
        expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u);
        expect(
          xml.replace(/<\/?(?:testsuites?|testcase|failure|system-out)(?: [a-z]+="[^"<>]*")*\/?>/g, "").replace(/^<\?.*\?>/, ""),
        ).not.toMatch(/[<>]/);
      }),
      runs,
    );
  });
});

describe("renderAnnotations()", () => {
  it("writes one command per finding, heaviest first", () => {
    expect(renderAnnotations([finding({ severity: "note" }), finding({ severity: "warning", line: null }), finding({ path: null })])).toBe(
      [
        "::error title=SCHEMA_TAG::Entry is no tag",
        "::warning file=plans/a.md,title=SCHEMA_TAG::Entry is no tag",
        "::notice file=plans/a.md,line=3,col=5,title=SCHEMA_TAG::Entry is no tag\n",
      ].join("\n"),
    );
    expect(renderAnnotations([])).toBe("");
  });

  it("lets no text of a document begin a command or a property of its own", () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const lines = renderAnnotations(findings)
          .split(/[\r\n]/)
          .slice(0, -1);
        expect(lines).toHaveLength(findings.length);
        for (const line of lines) {
          const [, properties = ""] = /^::(?:error|warning|notice) ((?:[^:])*?)::/.exec(line) ?? [];
          expect(properties).toMatch(/^(?:file=[^,]*,)?(?:line=\d+,)?(?:col=\d+,)?title=[A-Z_]+$/);
        }
      }),
      runs,
    );
  });
});

describe("renderMarkdown()", () => {
  it("counts, groups by document, and escapes", () => {
    const findings = [
      finding({ message: "Ask @team about #12 on https://x.y or www.x.y: <b>a|b</b> `c` _d_\n# e" }),
      finding({ path: "odd`name.md", line: 2, column: null }),
      finding({ path: null, severity: "note" }),
    ];
    expect(renderMarkdown(findings, { title: "Check *all*" })).toBe(
      [
        "## Check \\*all\\*\n",
        "2 errors, 0 warnings, 1 note\n",
        "### Without a document\n",
        "- **note** 3:5 Entry is no tag (`SCHEMA_TAG`)\n",
        "### ``odd`name.md``\n",
        "- **error** 2 Entry is no tag (`SCHEMA_TAG`)\n",
        "### `plans/a.md`\n",
        "- **error** 3:5 Ask @<!-- -->team about \\#<!-- -->12 on https\\://x.y or www\\.x.y: \\<b\\>a\\|b\\</b\\> \\`c\\` \\_d\\_ \\# e (`SCHEMA_TAG`)\n",
      ].join("\n"),
    );
  });

  it("stays within the length asked for and says how many findings did not fit", () => {
    fc.assert(
      fc.property(anyFindings, fc.integer({ min: 80, max: 400 }), (findings, maxLength) => {
        const text = renderMarkdown(findings, { maxLength });
        expect(text.length).toBeLessThanOrEqual(maxLength);
        const shown = (text.match(/^- \*\*/gm) ?? []).length;
        const left = Number(/^(\d+) findings? more did not fit here$/m.exec(text)?.[1] ?? 0);
        expect(shown + left).toBe(findings.length);
      }),
      runs,
    );
    expect(() => renderMarkdown([finding()], { maxLength: 10 })).toThrow(RangeError);
  });
});
