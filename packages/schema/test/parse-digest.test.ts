import { readFileSync } from "node:fs";
import { digestShapes, parseDigest, type WireDigest } from "@gov/schema";
import { describe, expect, it } from "vitest";

function digest(shape: string): WireDigest {
  const parsed = parseDigest(readFileSync(new URL(`fixtures/digest-${shape}.md`, import.meta.url), "utf8"));
  if (!parsed.ok) throw new Error(parsed.findings.map((finding) => finding.message).join());
  return parsed.value;
}

describe("parseDigest()", () => {
  it("tells the four digests of the sources apart", () => {
    for (const shape of digestShapes) expect(digest(shape).shape).toBe(shape);
  });

  it("reads c11: metadata, figures with those below them, gates with their evidence (DIG-01)", () => {
    const { metadata, figures, gates, sections, title } = digest("c11");
    expect(title).toBe("FE Planning Cycle Digest — 2025-09-02");
    expect(metadata.map(({ key }) => key)).toEqual(["cycle_id", "snapshot_rev", "rulebook_hash", "manifest_path"]);
    expect(metadata[0]).toEqual({ key: "cycle_id", value: "2025-09-02", line: 4 });
    expect(figures.map(({ name }) => name)).toEqual([
      "plan_accuracy",
      "lead_time_days",
      "cycle_time_days",
      "unit_coverage_delta",
      "e2e_coverage_delta",
      "a11y_pass_rate",
      "defects_by_severity",
      "dependency_fulfillment_rate",
      "dora.deployment_frequency",
      "dora.change_failure_rate",
      "dora.mttr_hours",
    ]);
    expect(gates.map(({ gate, outcome, evidence }) => [gate, outcome, evidence])).toEqual([
      ["schema_lint", "PASS/FAIL", "<link>"],
      ["cross_stream_consistency", "PASS/FAIL", "<link>"],
      ["parity_coverage", "PASS/FAIL", "<link>"],
    ]);
    expect(sections.map((section) => section.title)).toContain("Improvement Actions");
  });

  it("reads both of c22: tables of figures, and the header of the long one (DIG-03, DIG-04)", () => {
    expect(digest("c22-short").figures.map(({ name, value, target, status }) => [name, value, target, status])).toEqual([
      ["Planning Velocity", "22 pts", "20 pts", "✅"],
      ["Gate Compliance", "96%", "95%", "✅"],
      ["Handoff Success", "100%", "100%", "✅"],
    ]);
    const long = digest("c22-long");
    expect(long.metadata.map(({ key, value }) => [key, value])).toEqual([
      ["Cycle ID", "PLN-BE-2024-01"],
      ["Period", "2024-01-01 to 2024-01-15"],
      ["Generated", "2024-01-15T10:00:00Z"],
      ["Framework Version", "1.0.0"],
    ]);
    expect(long.figures).toHaveLength(5);
    expect(long.figures[2]).toMatchObject({ name: "Gate Definition", value: "3", target: "3" });
  });

  it("reads c33: its header, gate outcomes, and figures with targets (DIG-05)", () => {
    const { metadata, figures, gates } = digest("c33");
    expect(metadata.map(({ key }) => key)).toEqual(["Cycle Date", "Snapshot Rev", "Rulebook Hash", "Owners", "Manifest"]);
    expect(figures[0]).toMatchObject({ name: "delivered_vs_planned_ratio", value: "<value>", target: "<tgt>" });
    expect(figures).toHaveLength(7);
    expect(gates.map(({ gate }) => gate)).toEqual(["schema_lint", "cross_stream_consistency", "parity/coverage", "Governance Critical==0"]);
  });

  it("reads figures of a table in any shape, and a status behind the target", () => {
    const table =
      "# D\n\n## Metadata\n\n- cycle_id: a\n\n## KPIs\n\n| KPI | Actual | Target | Delta | Status |\n|-|-|-|-|-|\n| lead time | 3 days | 4 days | -1 | ✅ |\n";
    expect(parseDigest(table)).toMatchObject({
      ok: true,
      value: {
        shape: "c11",
        figures: [{ name: "lead time", value: "3 days", target: "4 days", status: "✅", extra: { Delta: "-1" }, line: 11 }],
      },
    });
    const list = parseDigest("# D\n\n## KPI Spine\n\n- coverage: 82% (target: 80%) ✅\n");
    expect(list).toMatchObject({ ok: true, value: { figures: [{ name: "coverage", value: "82%", target: "80%", status: "✅" }] } });
  });

  it("refuses what has none of the shapes, and lines without end", () => {
    for (const text of ["", "# Notes\n- a: b", `### KPI Spine\n- a: ${"x".repeat(9_000)}`]) {
      expect(parseDigest(text, { path: "d.md" }).findings.map(({ code, path }) => [code, path])).toEqual([["SCHEMA_DIGEST", "d.md"]]);
    }
  });
});
