import { digestBytes } from "@gov/schema/canonical";
import {
  type DigestContext,
  type DigestData,
  type DigestModel,
  digestBodyHash,
  holdsDigestBody,
  percentOf,
  planDigest,
  renderDigest,
  toDigestKpi,
} from "@gov/telemetry/digest";
import { evaluateKpis, shippedKpis } from "@gov/telemetry/kpi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const complete: DigestData = {
  cycleId: "PLN-BE-2024-01",
  date: "2024-01-15",
  period: { from: "2024-01-01", to: "2024-01-15" },
  tasks: { completed: 23, total: 28 },
  gates: [
    { id: "schema_lint", outcome: "PASS", evidence: ["VERIFICATION/schema_lint.json"] },
    { id: "cross_stream_consistency", outcome: "PASS", evidence: ["VERIFICATION/a.json", "VERIFICATION/b.json"] },
    { id: "parity_coverage", outcome: "WAIVED", evidence: [] },
  ],
  criticalIssues: 0,
  kpis: [
    { name: "Planning Velocity", unit: "pts", direction: "at_least", target: 20, actual: 22 },
    { name: "Gate Compliance", unit: "%", direction: "at_least", target: 95, actual: 66.5 },
    { name: "Lead Time", unit: "", direction: "at_most", target: 3, actual: 3 },
  ],
  improvements: ["Run schema_lint before review"],
  manifest: { path: "frameworks/planning-be/handoff_manifest.yaml", digest: digestBytes("m") },
  artifacts: [
    { path: "frameworks/planning-be/story_map.md", digest: digestBytes("s") },
    { path: "frameworks/planning-be/be_backlog.yaml", digest: digestBytes("b") },
  ],
};

function render(more: Partial<DigestData> = {}): string {
  return renderDigest(planDigest({ ...complete, ...more }), { format: "c22-short" });
}

function missing(more: Partial<DigestData>): readonly string[] {
  return planDigest({ ...complete, ...more }).findings.map(({ code, severity }) => `${code} ${severity}`);
}

describe("renderDigest()", () => {
  it("writes the short digest with computed numbers, gate evidence and links (DIG-03, DIG-07)", () => {
    const body = render().replace(/^- digest_body.*$/m, "- digest_body");
    expect(body).toBe(`# Planning Cycle Digest - 2024-01-15

- **Cycle ID**: PLN-BE-2024-01
- **Digest Status**: FINAL

## Executive Metrics

- **Cycle Duration**: 14 days
- **Tasks Completed**: 23/28 (82%)
- **Quality Gate Pass Rate**: 67%
- **Critical Issues**: 0

## KPI Summary

| Metric | Target | Actual | Status |
| --- | --- | --- | --- |
| Planning Velocity | 20 pts | 22 pts | ✅ |
| Gate Compliance | 95% | 66.5% | ❌ |
| Lead Time | 3 | 3 | ✅ |

## Gate Outcomes

- cross_stream_consistency: PASS (evidence: VERIFICATION/a.json, VERIFICATION/b.json)
- parity_coverage: WAIVED (evidence: n/a)
- schema_lint: PASS (evidence: VERIFICATION/schema_lint.json)

## Manifest Verification

- manifest_checksum_sha256: ${digestBytes("m")}
- artifact frameworks/planning-be/be_backlog.yaml: ${digestBytes("b")}
- artifact frameworks/planning-be/story_map.md: ${digestBytes("s")}
- digest_body

## Improvement Actions

- Run schema_lint before review

## References

- Manifest: frameworks/planning-be/handoff_manifest.yaml (${digestBytes("m")})
- frameworks/planning-be/be_backlog.yaml (${digestBytes("b")})
- frameworks/planning-be/story_map.md (${digestBytes("s")})
`);
  });

  it("shows what is missing as n/a and invents nothing (DIG-08)", () => {
    const empty = render({
      period: null,
      tasks: null,
      gates: null,
      criticalIssues: null,
      kpis: [],
      improvements: [],
      manifest: null,
      artifacts: [],
    });
    expect(empty).toContain("**Digest Status**: DRAFT");
    for (const label of ["Cycle Duration", "Tasks Completed", "Quality Gate Pass Rate", "Critical Issues"])
      expect(empty).toContain(`- **${label}**: n/a\n`);
    expect(empty).toContain("- Manifest: n/a");
    const plain = empty.replace("2024-01-15", "").replace("PLN-BE-2024-01", "");
    expect(plain.replace(/^- (?:manifest_checksum_sha256: n\/a|digest_body_sha256 .*)$/gm, "")).not.toMatch(/\d/);
    expect(render({ kpis: [{ name: "X", unit: "%", direction: "at_most", target: 5, actual: null }] })).toContain("| X | 5% | n/a | n/a |");
  });

  it("lets no text of the data become markup, a cell or a line", () => {
    const hostile = "# a | b\n- [x](y) <script> `code` *b* _c_ & ~d~ \\";
    const text = render({
      improvements: [hostile, "1. one", "- dash"],
      kpis: [{ name: hostile, unit: "|", direction: "at_least", target: 1, actual: -0 }],
    });
    expect(text).toContain("- \\# a &#124; b - \\[x\\](y) &lt;script&gt; &#96;code&#96; \\*b\\* \\_c\\_ &amp; \\~d\\~ &#92;\n");
    expect(text).toContain("- 1\\. one\n- \\- dash\n");
    expect(text).toContain("| 1 &#124; | 0 &#124; | ❌ |");
  });

  it("writes one day in the singular", () => {
    expect(render({ period: { from: "2024-02-28", to: "2024-02-29" } })).toContain("**Cycle Duration**: 1 day\n");
  });
});

describe("planDigest()", () => {
  it("is FINAL only when every input is there and possible (DIG-08)", () => {
    expect(planDigest(complete)).toMatchObject({ status: "FINAL", findings: [] });
    const gaps: readonly Partial<DigestData>[] = [
      { period: null },
      { tasks: null },
      { tasks: { completed: 0, total: 0 } },
      { gates: null },
      { gates: [] },
      { criticalIssues: null },
      { manifest: null },
      { kpis: [{ name: "X", unit: "", direction: "at_least", target: null, actual: 1 }] },
      { kpis: [{ name: "X", unit: "", direction: "at_least", target: 1, actual: null }] },
    ];
    for (const gap of gaps) {
      expect(missing(gap), JSON.stringify(gap)).toEqual(["TELEMETRY_DIGEST_INPUT_MISSING warning"]);
      expect(planDigest({ ...complete, ...gap }).status).toBe("DRAFT");
    }
  });

  it("takes no impossible input", () => {
    const impossible: readonly Partial<DigestData>[] = [
      { period: { from: "2024-01-15", to: "2024-01-01" } },
      { period: { from: "2024-01-32", to: "2024-02-01" } },
      { tasks: { completed: 29, total: 28 } },
      { tasks: { completed: 1.5, total: 28 } },
      { criticalIssues: -1 },
      { kpis: [{ name: "X", unit: "", direction: "at_least", target: 1, actual: NaN }] },
    ];
    for (const data of impossible) expect(missing(data), JSON.stringify(data)).toEqual(["TELEMETRY_DIGEST_INPUT_INVALID error"]);
    expect(() => planDigest({ ...complete, date: "today" })).toThrow(RangeError);
  });

  it("does not depend on the order of gates and artifacts, and changes nothing it is given", () => {
    const frozen = Object.freeze({
      ...complete,
      gates: Object.freeze([...(complete.gates ?? [])].reverse()),
      artifacts: Object.freeze([...complete.artifacts].reverse()),
    });
    expect(render(frozen)).toBe(render());
    const model: DigestModel = planDigest(complete);
    expect(planDigest(complete)).toEqual(model);
  });
});

describe("planDigest() on a target that fractions reach", () => {
  it("says of a KPI what evaluateKpis says of it (DIG-03, KPI-01)", () => {
    const actual = (57 / 100) * 100;
    const met = (target: number) =>
      planDigest({ ...complete, kpis: [{ name: "share", unit: "%", direction: "at_least", target, actual }] }).kpis[0]?.isMet;
    expect([met(57), met(57.001)]).toEqual([true, false]);
  });
});

describe("percentOf()", () => {
  it("rounds halves up, exactly", () => {
    expect([percentOf(23, 28), percentOf(1, 200), percentOf(1, 201), percentOf(199, 200), percentOf(0, 0), percentOf(5, 5)]).toEqual([
      82,
      1,
      0,
      100,
      null,
      100,
    ]);
    for (const [part, whole] of [
      [-1, 2],
      [3, 2],
      [0.5, 1],
      [NaN, 1],
    ] as const)
      expect(() => percentOf(part, whole)).toThrow(RangeError);
  });

  it("is the nearest whole percent of any counts", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        const [part, whole] = a < b ? [a, b] : [b, a];
        const percent = percentOf(part, whole);
        expect(percent === null).toBe(whole === 0);
        if (whole === 0) return;
        const error = 200n * BigInt(part) - 2n * BigInt(percent ?? -1) * BigInt(whole);
        expect(error >= -BigInt(whole) && error < BigInt(whole)).toBe(true);
      }),
    );
  });
});

describe("renderDigest() with a context", () => {
  const context: DigestContext = {
    ...{ snapshotRev: "abc123", rulebookHash: digestBytes("r"), owners: ["ann"], waivers: ["w-1"] },
    actions: [{ action: "Split the gate", owner: "bob", due: "2024-02-01" }],
    ...{ scopeChanges: ["Story 7 moved"], decisions: ["Keep CEL"], risks: ["Slow disk"], notes: ["A | b"] },
  };
  const stated = (value: number): { readonly value: number; readonly source: null } => ({ value, source: null });
  const { kpis } = evaluateKpis(shippedKpis.c33.slice(0, 5), {
    inputs: {
      delivered_tasks: stated(9),
      planned_tasks: stated(9),
      delivered_points: stated(10),
      planned_points: stated(10),
      covered_lines: stated(9),
      total_lines: stated(10),
    },
    earlier: [{ coverage_pct: 85 }],
  });
  const model = planDigest({ ...complete, kpis: kpis.map((one) => toDigestKpi(one)), context });

  it("writes c11 with deltas, gates, verification, actions and notes (DIG-01, DIG-02, MAN-16)", () => {
    const text = renderDigest(model, { format: "c11" });
    expect(text).toContain("| coverage pct | 90% | 80% | +5% | ✅ |");
    expect(text).toContain("| on time handoffs pct | n/a | 100% | n/a | n/a |");
    expect(text).toContain(`- manifest_checksum_sha256: ${digestBytes("m")}`);
    expect(text).toContain("- Split the gate (owner: bob, due: 2024-02-01)");
    expect(text.match(/^### .*/gm)).toEqual([
      "### Metadata",
      "### KPIs",
      "### Gates",
      "### Manifest Verification",
      "### Improvement Actions",
      "### Notes",
    ]);
    expect(text).toContain("- digest_status: DRAFT");
  });

  it("carries the hash of its own body by a named scheme, which any edit outside the block breaks (B-09)", () => {
    const text = renderDigest(model, { format: "c11" });
    expect(holdsDigestBody(text)).toBe(true);
    expect(holdsDigestBody(text.replace("| 90% |", "| 99% |"))).toBe(false);
    expect(holdsDigestBody(text.replace("bob", "eve"))).toBe(false);
    for (const format of ["c33", "c22-short"] as const) expect(holdsDigestBody(renderDigest(model, { format }))).toBe(true);
    expect(holdsDigestBody("# No block\n")).toBe(false);
    expect(digestBodyHash("a\n")).toBe(digestBytes("a\n"));
    expect(digestBodyHash("a\n## Manifest Verification\nx")).toBe(digestBytes("a"));
    expect(digestBodyHash("a\n### Manifest Verification\nx\n#### y\n## b")).toBe(digestBytes("a\n## b"));
    expect(digestBodyHash("a\n## Manifest Verification\nx\n### y\n# b")).toBe(digestBytes("a\n# b"));
  });

  it("writes c33 with Critical==0, the KPI spine and everything else of its template (DIG-05)", () => {
    const text = renderDigest(model, { format: "c33" });
    expect(text).toContain("- Governance Critical==0: yes (waivers: w-1)");
    expect(text).toContain("- scope variance pct: 0% (target: 0%) ✅");
    expect(text).toContain("- Decision: Keep CEL\n- Risk: Slow disk");
    expect(text.match(/^### .*/gm)).toEqual([
      ...[
        "### Cycle Digest - PLN-BE-2024-01",
        "### Gate Outcomes",
        "### KPI Spine",
        "### Scope Changes & Deviations",
        "### Decisions & Risks",
        "### Manifest Verification",
        "### Improvements Queued (IMPROVE)",
        "### References",
      ],
    ]);
  });

  it("stays a DRAFT while the context misses something, and needs one (DIG-08)", () => {
    const empty = {
      snapshotRev: null,
      rulebookHash: null,
      owners: [],
      actions: [],
      waivers: [],
      scopeChanges: [],
      decisions: [],
      risks: [],
      notes: [],
    };
    const draft = planDigest({ ...complete, context: empty });
    expect([draft.status, draft.findings.length]).toEqual(["DRAFT", 3]);
    for (const format of ["c11", "c33"] as const) expect(renderDigest(draft, { format })).toContain("n/a");
    expect(
      planDigest({ ...complete, context: { ...context, actions: [{ action: "a", owner: "b", due: "soon" }] } }).findings[0]?.code,
    ).toBe("TELEMETRY_DIGEST_INPUT_INVALID");
    expect(planDigest({ ...complete, context }).status).toBe("FINAL");
    expect(() => renderDigest(planDigest(complete), { format: "c11" })).toThrow(RangeError);
  });
});
