import { parseCoverageSummary, parseIssueList } from "@gov/schema";
import { describe, expect, it } from "vitest";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("parseCoverageSummary()", () => {
  const summary = (lines: unknown, branches: unknown) => ({
    path: "coverage-summary.json",
    bytes: bytes(JSON.stringify({ total: { lines, branches } })),
  });

  it("computes the percentages from the counts, whatever pct says", () => {
    const read = parseCoverageSummary(summary({ total: 1000, covered: 799, pct: 80 }, { total: 4, covered: 3, pct: 100 }));
    expect(read).toMatchObject({ ok: true, value: { lines: 79.9, branches: 75 } });
  });

  it("counts nothing to cover as covered", () => {
    expect(parseCoverageSummary(summary({ total: 0, covered: 0 }, { total: 0, covered: 0 }))).toMatchObject({
      value: { lines: 100, branches: 100 },
    });
  });

  it.each([
    ["a missing part", undefined],
    ["more covered than there is", { total: 1, covered: 2 }],
    ["a negative count", { total: 1, covered: -1 }],
    ["a text", { total: "1", covered: "1" }],
  ])("refuses %s with a place", (_, lines) => {
    const read = parseCoverageSummary(summary(lines, { total: 1, covered: 1 }));
    expect(read.ok).toBe(false);
    expect(read.findings).toMatchObject([{ code: "SCHEMA_VIOLATION", line: 1, message: "Coverage of lines cannot be read" }]);
  });

  it("refuses what is no JSON", () => {
    expect(parseCoverageSummary({ path: "c.json", bytes: bytes("{") }).ok).toBe(false);
  });
});

describe("parseIssueList()", () => {
  const list = (issues: string) => ({ path: "issue_list.yaml", bytes: bytes(`version: "1.0.0"\nissues:\n${issues}`) });

  it("returns the open issues of critical severity with their lines (GOV-06)", () => {
    const read = parseIssueList(
      list(
        [
          "  - { id: I-1, title: Leak, severity: critical, status: open }",
          "  - { id: I-2, title: Typo, severity: low, status: open }",
          "  - { id: I-3, title: Old, severity: critical, status: closed }\n",
        ].join("\n"),
      ),
    );
    expect(read).toMatchObject({ ok: true, value: [{ id: "I-1", title: "Leak", path: "issue_list.yaml", line: 3 }] });
  });

  it("refuses an unknown severity instead of passing it over", () => {
    const read = parseIssueList(list("  - { id: I-1, title: Leak, severity: blocker, status: open }\n"));
    expect(read.ok).toBe(false);
    expect(read.findings[0]).toMatchObject({ code: "SCHEMA_VIOLATION", line: 3 });
  });

  it("refuses what cannot be read", () => {
    expect(parseIssueList({ path: "issue_list.yaml", bytes: bytes("") }).ok).toBe(false);
  });
});
