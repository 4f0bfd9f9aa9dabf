import { type Finding, type Result } from "@gov/schema";
import { renderJunit, renderSarif } from "@gov/schema/findings";
import {
  parseCobertura,
  parseCoverageSummary,
  parseIssueList,
  parseIstanbul,
  parseJunit,
  parseLcov,
  parseSarif,
  parseTrivy,
  reportLimits,
} from "@gov/schema/reports";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";

function input(text: string, path = "report.xml") {
  return { path, bytes: new TextEncoder().encode(text) };
}
function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}
function refusal(result: Result<unknown>): readonly (string | number | null)[] {
  expect(result.ok).toBe(false);
  const [first] = result.findings.filter((finding) => finding.severity === "error");
  return [first?.code ?? null, first?.line ?? null, first?.message ?? null];
}
const json = (value: unknown) => input(JSON.stringify(value, null, 1), "report.json");

describe("every reader of reports", () => {
  it("refuses what is larger, holds more or nests deeper than its limits, before it costs anything", () => {
    const large = new Uint8Array(reportLimits.maxBytes + 1);
    const readers = { parseCobertura, parseCoverageSummary, parseIssueList, parseIstanbul, parseJunit, parseLcov, parseSarif, parseTrivy };
    for (const [name, read] of Object.entries(readers))
      expect([name, refusal(read({ path: name, bytes: large }))[0]]).toEqual([name, "SCHEMA_TOO_LARGE"]);
    const deep = input("[".repeat(1_000_000), "report.json");
    for (const read of [parseSarif, parseTrivy, parseIstanbul]) {
      expect(refusal(read(deep))[0]).toBe("SCHEMA_TOO_DEEP");
      expect(refusal(read(input(`[${"1,".repeat(reportLimits.maxNodes)}1]`)))[0]).toBe("SCHEMA_TOO_LARGE");
    }
  });
});

describe("parseJunit()", () => {
  it("counts nested suites from their tests, whatever their attributes say", () => {
    const report = parseJunit(
      input(`<?xml version="1.0"?>
<testsuites tests="9" failures="1" errors="1">
  <testsuite name="outer" tests="4">
    <testcase classname="C" name="passes" time="1,234.5"/>
    <testcase name="fails" time="x"><failure message="expected &lt;1&gt;" type="E">trace</failure></testcase>
    <testsuite name="inner">
      <testcase name="breaks"><error><![CDATA[a < b & c]]></error></testcase>
      <testcase name="waits"><skipped/></testcase>
      <testcase name="flaky"><flakyFailure message="first"/></testcase>
    </testsuite>
  </testsuite>
</testsuites>`),
    );
    expect(valueOf(report)).toMatchObject({ tests: 5, passed: 2, failed: 1, errors: 1, skipped: 1, passPercent: 50 });
    expect(
      valueOf(report).cases.map((test) => [test.suites, test.className, test.name, test.outcome, test.durationMs, test.message, test.line]),
    ).toEqual([
      [["outer"], "C", "passes", "passed", 1_234_500, null, 4],
      [["outer"], null, "fails", "failed", null, "expected <1>", 5],
      [["outer", "inner"], null, "breaks", "error", null, "a < b & c", 7],
      [["outer", "inner"], null, "waits", "skipped", null, null, 8],
      [["outer", "inner"], null, "flaky", "passed", null, null, 9],
    ]);
    expect(report.findings.map((finding) => [finding.severity, finding.message, finding.line])).toEqual([
      ["warning", "Suite claims 4 tests, and shows 5", 3],
      ["warning", "Suite claims 9 tests, and shows 5", 2],
    ]);
  });

  it.each([
    [
      "claims more failures than it shows",
      '<testsuite failures="2"><testcase name="a"><failure/></testcase></testsuite>',
      "Suite claims 2 failures and errors, and shows 1",
    ],
    ["claims what is no number", '<testsuite errors="many"/>', "Suite claims NaN failures and errors, and shows 0"],
    [
      "failed outside of its tests",
      '<testsuite name="s"><error message="no setup"/></testsuite>',
      'Suite "s" failed outside of its tests: no setup',
    ],
    ["is no JUnit report", "<coverage/>", 'Root element "coverage" is none of JUnit'],
  ])("refuses a report that %s", (_, xml, message) => {
    expect(refusal(parseJunit(input(xml)))).toEqual(["SCHEMA_REPORT", 1, message]);
  });

  it("has no percentage when nothing ran", () => {
    expect(valueOf(parseJunit(input("<testsuites/>")))).toMatchObject({ tests: 0, passPercent: null });
  });

  it("reads back what renderJunit() writes", () => {
    const findings: Finding[] = [
      { code: "A", severity: "error", message: 'Not "x" < y', path: "a.md", line: 3, column: 1 },
      { code: "B", severity: "note", message: "Note", path: "a.md", line: null, column: null },
    ];
    const report = valueOf(parseJunit(input(renderJunit(findings, { paths: ["a.md", "b.md"] }))));
    expect([report.tests, report.failed, report.passed]).toEqual([3, 1, 2]);
    expect(report.cases.find((test) => test.name === "A")?.message).toBe('Not "x" < y');
  });
});

describe("parseJunit() on hostile XML", () => {
  it.each([
    [
      "an entity that blows up",
      '<!DOCTYPE a [<!ENTITY b "bbb"><!ENTITY c "&b;&b;">]>\n<testsuite name="&c;"/>',
      "a document type declares entities or elements, which is not allowed",
    ],
    [
      "an external entity",
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite>&x;</testsuite>',
      "a document type declares entities or elements, which is not allowed",
    ],
    [
      "an entity nobody declared",
      "<testsuite>&nbsp;</testsuite>",
      'a reference is none of &amp; &lt; &gt; &quot; &apos; or a character (write "&" as "&amp;")',
    ],
    [
      "a bare ampersand",
      '<testsuite name="a & b"/>',
      'a reference is none of &amp; &lt; &gt; &quot; &apos; or a character (write "&" as "&amp;")',
    ],
    [
      "half a character",
      "<testsuite>&#xD800;</testsuite>",
      'a reference is none of &amp; &lt; &gt; &quot; &apos; or a character (write "&" as "&amp;")',
    ],
    ["an element never closed", "<testsuite><testcase></testsuite>", '"</testsuite>" closes no open element'],
    ["a report cut off", "<testsuite><testcase/>", 'element "testsuite" is never closed'],
    ["two roots", "<testsuite/><testsuite/>", "more than one root element"],
    ["an attribute twice", '<testsuite name="a" name="b"/>', 'attribute "name" is given twice'],
    ["an attribute without quotes", "<testsuite name=a/>", 'tag "<testsuite" is broken'],
    ["text around the root", "<testsuite/>text", "text stands outside of the root element"],
    ["a comment never closed", "<testsuite/><!-- ", '"<!--" is never closed'],
    ["CDATA outside", "<![CDATA[x]]><testsuite/>", '"<![CDATA[" is never closed'],
    ["a late document type", "<testsuite/><!DOCTYPE a>", "a document type stands inside the document"],
    ["a sign alone", "<testsuite>< </testsuite>", "a tag is expected"],
    ["nothing", "<!-- empty -->", "there is no root element"],
  ])("refuses %s", (_, xml, message) => {
    expect(refusal(parseJunit(input(xml)))).toEqual(["SCHEMA_XML_SYNTAX", 1, `Cannot read XML: ${message}`]);
  });

  it("takes a document type that declares nothing, a declaration, comments, instructions and references", () => {
    const xml =
      '\ufeff<?xml version="1.0"?><!DOCTYPE t SYSTEM "t.dtd"><!-- c --><?p i?><testsuite name=\'&#x41;&#66;&amp;&apos;\'><testcase name="a"/></testsuite>\n';
    expect(valueOf(parseJunit(input(xml))).cases[0]?.suites).toEqual(["AB&'"]);
  });

  it("ends at its bounds: depth, size and number of values", () => {
    expect(refusal(parseJunit(input("<testsuite>".repeat(100_000))))[0]).toBe("SCHEMA_TOO_DEEP");
    expect(refusal(parseJunit(input(`<testsuite>${"<a/>".repeat(2_000_001)}</testsuite>`)))[0]).toBe("SCHEMA_TOO_LARGE");
    expect(refusal(parseJunit({ path: "a.xml", bytes: new Uint8Array(64 * 1024 * 1024 + 1) }))[0]).toBe("SCHEMA_TOO_LARGE");
    expect(refusal(parseJunit({ path: "a.xml", bytes: Uint8Array.of(0xff) }))[0]).toBe("SCHEMA_NOT_UTF8");
  });

  it("reads linearly: long runs of what almost is a tag cost no more than their length", () => {
    const took = stopwatch();
    for (const piece of ["<!--", "<a ", "&", " a='", "<![CDATA[", "]]>", "<a b='", "\t"]) {
      expect(parseJunit(input(`<testsuite>${piece.repeat(50_000)}`)).ok).toBe(false);
      expect(parseJunit(input(`<testsuite ${piece.repeat(50_000)}`)).ok).toBe(false);
    }
    expect(took()).toBeLessThan(5_000);
  });

  it("keeps names of prototypes harmless", () => {
    const xml = '<testsuite __proto__="1" constructor="2"><testcase name="__proto__" toString="x"/></testsuite>';
    expect(valueOf(parseJunit(input(xml))).cases[0]?.name).toBe("__proto__");
  });
});

describe("parseCobertura()", () => {
  const report = (classes: string) =>
    input(`<coverage line-rate="1" branch-rate="1"><packages><package><classes>${classes}</classes></package></packages></coverage>`);

  it("counts lines and branches, merges a file that several classes share, and believes no rate", () => {
    const read = parseCobertura(
      report(`<class filename="b.ts"><methods><method><lines><line number="9" hits="0"/></lines></method></methods>
<lines><line number="1" hits="1"/><line number="2" hits="0" branch="true" condition-coverage="50% (1/2)"/></lines></class>
<class filename="b.ts"><lines><line number="2" hits="3" branch="True" condition-coverage="100% (2/2)"/></lines></class>
<class filename="a.ts"><lines/></class>`),
    );
    expect(valueOf(read)).toEqual({
      path: "report.xml",
      lines: { covered: 2, total: 3, percent: (2 / 3) * 100 },
      branches: { covered: 2, total: 2, percent: 100 },
      files: [
        { path: "a.ts", lines: { covered: 0, total: 0, percent: 100 }, branches: { covered: 0, total: 0, percent: 100 } },
        { path: "b.ts", lines: { covered: 2, total: 3, percent: (2 / 3) * 100 }, branches: { covered: 2, total: 2, percent: 100 } },
      ],
    });
  });

  it.each([
    ["another format", input("<testsuites/>"), 'Root element "testsuites" is none of Cobertura'],
    ["a class without a file", report("<class/>"), "Class has no filename"],
    ["hits below zero", report('<class filename="a"><lines><line number="1" hits="-1"/></lines></class>'), "Line has no number or no hits"],
    [
      "branches without counts",
      report('<class filename="a"><lines><line number="1" hits="1" branch="true"/></lines></class>'),
      "Line with branches does not say how many were taken",
    ],
    [
      "more taken than there are",
      report('<class filename="a"><lines><line number="1" hits="1" branch="true" condition-coverage="200% (4/2)"/></lines></class>'),
      "Line with branches does not say how many were taken",
    ],
  ])("refuses %s", (_, given, message) => {
    expect(refusal(parseCobertura(given))).toEqual(["SCHEMA_REPORT", 1, message]);
  });
});

describe("parseLcov()", () => {
  it("counts lines and branches of records, also when a file has several", () => {
    const text = [
      "TN:one",
      "SF:C:\\src\\a.ts",
      "FN:1,f",
      "DA:1,5,checksum",
      "DA:2,0",
      "DA:3,-1",
      "BRDA:2,0,0,-",
      "BRDA:2,0,1,1",
      "LF:3",
      "LH:1",
      "BRF:2",
      "end_of_record",
      "TN:two",
      "SF:C:\\src\\a.ts",
      "DA:2,1",
      "BRDA:2,0,0,2",
      "end_of_record",
      "",
    ].join("\r\n");
    expect(valueOf(parseLcov(input(text, "lcov.info")))).toMatchObject({
      lines: { covered: 2, total: 3 },
      branches: { covered: 2, total: 2, percent: 100 },
      files: [{ path: "C:\\src\\a.ts" }],
    });
  });

  it.each([
    ["a report cut off", "SF:a\nDA:1,1\n", 3, "Last record is not closed"],
    ["no source file", "", 1, "Report names no source file"],
    ["a count outside of a record", "DA:1,1\nSF:a\nend_of_record", 1, "Count stands outside of a record"],
    ["a record in a record", "SF:a\nSF:b\nend_of_record", 2, "Record begins before the one above it ends"],
    ["a broken line count", "SF:a\nDA:x\nend_of_record", 2, "Line count cannot be read"],
    ["a broken branch count", "SF:a\nBRDA:1,0,0\nend_of_record", 2, "Branch count cannot be read"],
    ["a broken sum", "SF:a\nLF:many\nend_of_record", 2, "Sum cannot be read"],
    ["more lines claimed than shown", "SF:a\nDA:1,1\nLF:2\nend_of_record", 3, "Record claims 2 and shows 1"],
  ])("refuses %s", (_, text, line, message) => {
    expect(refusal(parseLcov(input(text, "lcov.info")))).toEqual(["SCHEMA_REPORT", line, message]);
  });

  it("is bounded and decodes strictly", () => {
    expect(refusal(parseLcov({ path: "l", bytes: new Uint8Array(64 * 1024 * 1024 + 1) }))[0]).toBe("SCHEMA_TOO_LARGE");
    expect(refusal(parseLcov({ path: "l", bytes: Uint8Array.of(0xff) }))[0]).toBe("SCHEMA_NOT_UTF8");
  });
});

describe("parseIstanbul()", () => {
  const counts = (covered: number, total: number) => ({ lines: { total, covered, pct: 100 }, branches: { total, covered } });

  it("reads a summary and computes what its files add up to", () => {
    expect(valueOf(parseIstanbul(json({ total: counts(3, 4), "b.ts": counts(1, 2), "a.ts": counts(2, 2) })))).toMatchObject({
      lines: { covered: 3, total: 4, percent: 75 },
      files: [{ path: "a.ts" }, { path: "b.ts", branches: { percent: 50 } }],
    });
    expect(valueOf(parseIstanbul(json({ total: counts(3, 4) })))).toMatchObject({ lines: { percent: 75 }, files: [] });
  });

  it("reads the hits of coverage-final.json: lines from statements, branches by path", () => {
    const at = (line: number) => ({ start: { line, column: 0 }, end: { line, column: 9 } });
    const file = { path: "/a.ts", statementMap: { 0: at(1), 1: at(1), 2: at(2) }, s: { 0: 0, 1: 2, 2: 0 }, b: { 0: [1, 0] } };
    expect(valueOf(parseIstanbul(json({ "/a.ts": file })))).toMatchObject({
      lines: { covered: 1, total: 2, percent: 50 },
      branches: { covered: 1, total: 2 },
    });
  });

  it.each([
    [
      "a total that its files do not give",
      { total: counts(4, 4), "a.ts": counts(1, 4) },
      "Total of lines is 4 of 4, and its files add up to 1 of 4",
    ],
    ["counts that cannot be", { total: counts(5, 4) }, "Coverage of lines or branches cannot be read"],
    ["a file without hits", { "a.ts": {} }, "Coverage of a file cannot be read"],
    ["a statement without a place", { "a.ts": { statementMap: {}, s: { 0: 1 }, b: {} } }, 'Statement "0" cannot be read'],
    ["branches that are no list", { "a.ts": { statementMap: {}, s: {}, b: { 0: 1 } } }, 'Branch "0" cannot be read'],
    ["a list", [], "Report is not a mapping"],
  ])("refuses %s", (_, value, message) => {
    expect(refusal(parseIstanbul(json(value))).filter((_part, index) => index !== 1)).toEqual(["SCHEMA_REPORT", message]);
  });

  it("refuses what is no JSON", () => {
    expect(refusal(parseIstanbul(input("{", "c.json")))[0]).toBe("SCHEMA_JSON_SYNTAX");
  });
});

describe("parseSarif()", () => {
  const log = (run: object) => json({ version: "2.1.0", runs: [{ tool: { driver: { name: "scan" } }, results: [], ...run }] });

  it("takes level, message and security severity from the rule where a result does not say", () => {
    const rules = [
      {
        id: "R1",
        defaultConfiguration: { level: "error" },
        properties: { "security-severity": "9.1" },
        messageStrings: { m: { text: "Use of {0} in {{{1}}}" } },
      },
      { id: "R2", properties: { "security-severity": "4.0" }, shortDescription: { text: "Short" } },
    ];
    const extensions = [
      { name: "more", rules: [{ id: "X", defaultConfiguration: { level: "note" }, properties: { "security-severity": 7 } }] },
    ];
    const place = (artifactLocation: object, region = {}) => [{ physicalLocation: { artifactLocation, region } }];
    const results = [
      {
        ruleId: "R1",
        ruleIndex: 0,
        message: { id: "m", arguments: ["eval", "x"] },
        locations: place({ uri: "file:///a%20b.ts" }, { startLine: 3, startColumn: 2 }),
      },
      { ruleId: "R2/sub", message: {}, level: "none", suppressions: [{ kind: "external" }], locations: place({ index: 0 }) },
      {
        rule: { id: "X", index: 0, toolComponent: { index: 0 } },
        message: { markdown: "**m**" },
        suppressions: [{ status: "rejected" }],
        partialFingerprints: { b: "2", a: "1" },
      },
      { message: { text: "Plain {0} {{x}}" }, locations: place({ uri: "%zz" }) },
      { kind: "pass", ruleId: "R1", message: { text: "fine" } },
    ];
    const report = valueOf(
      parseSarif(log({ tool: { driver: { name: "scan", rules }, extensions }, artifacts: [{ location: { uri: "c.ts" } }], results })),
    );
    expect(report.counts).toEqual({ critical: 1, high: 1, medium: 0, low: 0, unknown: 1 });
    expect(
      report.issues.map(({ rule, level, severity, message, path, line, column, fingerprint, suppressed }) => [
        rule,
        level,
        severity,
        message,
        path,
        line,
        column,
        fingerprint,
        suppressed,
      ]),
    ).toEqual([
      ["R1", "critical", "error", "Use of eval in {x}", "/a b.ts", 3, 2, null, false],
      ["R2/sub", "medium", "note", "Short", "c.ts", null, null, null, true],
      ["X", "high", "note", "**m**", null, null, null, "a=1;b=2", false],
      ["", null, "warning", "Plain {0} {{x}}", "%zz", null, null, null, false],
    ]);
  });

  it("reads back what renderSarif() writes", () => {
    const finding: Finding = { code: "SCHEMA_TAG", severity: "error", message: "No tag", path: "a b/ü.md", line: 3, column: 5 };
    const [issue] = valueOf(parseSarif(input(renderSarif([finding], { tool: { name: "gov" } }), "gov.sarif"))).issues;
    expect(issue).toMatchObject({
      tool: "gov",
      rule: "SCHEMA_TAG",
      severity: "error",
      message: "No tag",
      path: "a b/ü.md",
      line: 3,
      column: 5,
    });
  });

  it.each([
    ["another version", json({ version: "1.0.0", runs: [] }), "Log is of no version that is known"],
    ["no runs", json({ version: "2.1.0" }), "Log has no runs"],
    ["a run without results", log({ results: undefined }), "Run has no results: its tool did not look, or they stand in another file"],
    ["a tool that failed", log({ invocations: [{ executionSuccessful: false }] }), "Tool did not end well"],
    ["a tool without a name", log({ tool: {} }), "Run does not name its tool"],
    ["a result that is none", log({ results: [1] }), "Result is not a mapping"],
  ])("refuses %s", (_, given, message) => {
    expect(refusal(parseSarif(given)).filter((_part, index) => index !== 1)).toEqual(["SCHEMA_REPORT", message]);
  });

  it("refuses what is no JSON", () => {
    expect(refusal(parseSarif(input("", "s.sarif")))[0]).toBe("SCHEMA_EMPTY");
  });
});

describe("parseTrivy()", () => {
  it("reads vulnerabilities, failed misconfigurations, secrets and licenses with their severities", () => {
    const report = valueOf(
      parseTrivy(
        json({
          SchemaVersion: 2,
          Results: [
            {
              Target: "package-lock.json",
              Vulnerabilities: [
                {
                  VulnerabilityID: "CVE-1",
                  PkgName: "a",
                  InstalledVersion: "1.0",
                  FixedVersion: "1.1",
                  Severity: "CRITICAL",
                  Title: "Bad",
                },
                { VulnerabilityID: "CVE-2", Severity: "UNKNOWN" },
              ],
            },
            {
              Target: "Dockerfile",
              Misconfigurations: [
                { ID: "DS001", Status: "FAIL", Severity: "HIGH", Message: "Latest tag", CauseMetadata: { StartLine: 1 } },
                { AVDID: "AVD-2", Status: "PASS", Severity: "LOW" },
              ],
              Secrets: [{ RuleID: "aws", Severity: "MEDIUM", Title: "Key", StartLine: 7 }],
              Licenses: [{ Name: "GPL-3.0", Severity: "LOW", PkgName: "b", FilePath: "LICENSE" }],
            },
          ],
        }),
      ),
    );
    expect(report.counts).toEqual({ critical: 1, high: 1, medium: 1, low: 1, unknown: 1 });
    expect(report.issues.map(({ rule, severity, message, path, line }) => [rule, severity, message, path, line])).toEqual([
      ["CVE-1", "error", "a 1.0, fixed in 1.1: Bad", "package-lock.json", null],
      ["CVE-2", "warning", " , not fixed yet", "package-lock.json", null],
      ["DS001", "error", "Latest tag", "Dockerfile", 1],
      ["aws", "warning", "Key", "Dockerfile", 7],
      ["GPL-3.0", "note", "License GPL-3.0 of b", "LICENSE", null],
    ]);
    expect(valueOf(parseTrivy(json({ SchemaVersion: 2 }))).issues).toEqual([]);
  });

  it.each([
    ["another version", { SchemaVersion: 1 }, "Report is of no version that is known"],
    ["results that are no list", { SchemaVersion: 2, Results: {} }, "Results are no list"],
    ["an unknown severity", { SchemaVersion: 2, Results: [{ Secrets: [{ RuleID: "a", Severity: "SEVERE" }] }] }, "Severity is not known"],
    [
      "an entry without an id",
      { SchemaVersion: 2, Results: [{ Vulnerabilities: [{ Severity: "LOW" }], Secrets: [1] }] },
      "Entry has no id",
    ],
  ])("refuses %s", (_, value, message) => {
    expect(refusal(parseTrivy(json(value))).filter((_part, index) => index !== 1)).toEqual(["SCHEMA_REPORT", message]);
  });

  it("refuses what is no JSON", () => {
    expect(parseTrivy(input("{", "t.json")).ok).toBe(false);
  });
});
