import { type DigestShape, digestShapes, type JsonObject, parseDigest, validateKind, type WireDigest } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import {
  type DigestContext,
  type DigestData,
  type DigestKpi,
  type DigestNarrative,
  findAnomalies,
  holdsDigestBody,
  improvementActions,
  planDigest,
  renderDigest,
  toDigestKpi,
} from "@gov/telemetry/digest";
import { evaluateKpis, shippedKpis } from "@gov/telemetry/kpi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const isFull = process.env["GOV_PROOF"] === "full";
const stated = (value: number): { readonly value: number; readonly source: null } => ({ value, source: null });
const { kpis } = evaluateKpis(shippedKpis.design.slice(0, 5), {
  inputs: {
    ...{ completed_sections: stated(9), total_sections: stated(10), events_with_schema: stated(15), total_events: stated(15) },
    ...{ gates_defined: stated(3), governance_rules_defined: stated(2), sections_meeting_criteria: stated(10) },
  },
  earlier: [{ design_completeness: 80 }],
});

const context: DigestContext = {
  ...{ snapshotRev: "abc123", rulebookHash: digestBytes("r"), owners: ["ann", "bob"], waivers: ["w-1"] },
  actions: [{ action: "Split the gate", owner: "bob", due: "2024-02-01" }],
  ...{ scopeChanges: ["Story 7 moved"], decisions: ["Keep CEL"], risks: ["Slow disk"], notes: ["As planned"] },
};

const narrative: DigestNarrative = {
  ...{ frameworkVersion: "1.0.0", generated: "2024-01-15T10:00:00Z", summary: "The design is complete.", highlights: ["Six states"] },
  designDecisions: ["Event-driven architecture", "Artifact-first"],
  deliverables: [
    { name: "Design proposal", isDone: true },
    { name: "Schemas", isDone: null },
  ],
  risks: [
    { risk: "Event loss", impact: "High", probability: "Medium", mitigation: "Journal" },
    { risk: "Schema evolution", impact: "High", probability: "High", mitigation: null },
    { risk: "Slow disk", impact: "Low", probability: "Low", mitigation: "Measure" },
  ],
  policies: [{ name: "Critical=0 Rule", isDone: true }],
  checklist: [
    { name: "Security review", isDone: true },
    { name: "Data handling", isDone: false },
  ],
  quality: [{ name: "Clarity", value: null }],
  phases: [
    { phase: "Design", plannedDays: 15, actualDays: 14 },
    { phase: "Review", plannedDays: 3, actualDays: null },
    { phase: "Nothing", plannedDays: 0, actualDays: 1 },
  ],
  milestones: [{ name: "Kickoff", isDone: false }],
  resources: [{ name: "Architecture", hours: 30, plannedHours: 40 }],
  ...{ immediateActions: ["Review"], longTermConsiderations: [], workedWell: ["Early gates"], toImprove: [] },
  ...{ nextObjectives: ["Build the bus"], successCriteria: ["1000 messages a second"] },
  versions: [{ version: "1.0.0", date: "2024-01-15", note: "First" }],
  ...{ distribution: ["Everybody"], nextDigest: "2024-02-01", contact: "the team", repository: "digests/" },
};

const complete: DigestData = {
  ...{
    cycleId: "PLN-BE-2024-01",
    date: "2024-01-15",
    period: { from: "2024-01-01", to: "2024-01-15" },
    tasks: { completed: 23, total: 28 },
  },
  gates: [{ id: "schema_lint", outcome: "PASS", evidence: ["VERIFICATION/a.json"] }],
  ...{ criticalIssues: 0, kpis: kpis.map((one) => toDigestKpi(one)), improvements: ["Run schema_lint first"] },
  manifest: { path: "m.yaml", digest: digestBytes("m") },
  artifacts: [{ path: "a.yaml", digest: digestBytes("a") }],
  ...{ context, narrative },
};

function parsed(data: DigestData, format: DigestShape): { readonly text: string; readonly wire: WireDigest } {
  const text = renderDigest(planDigest(data), { format });
  const read = parseDigest(text);
  if (!read.ok) throw new Error(read.findings[0]?.message);
  return { text, wire: read.value };
}

describe("renderDigest() and parseDigest()", () => {
  it.each(digestShapes)(
    "%s says after reading what its data say: figures, gates, actions, verification (DIG-01, DIG-03, DIG-04, DIG-05)",
    (shape) => {
      const { text, wire } = parsed(complete, shape);
      expect(wire.shape).toBe(shape);
      expect(wire.figures.map(({ name, value, target, status }) => [name, value, target, status])).toEqual([
        ["design completeness", "90%", "100%", "❌"],
        ["schema coverage", "100%", "100%", "✅"],
        ["documentation quality", "100%", "100%", "✅"],
        ["gate definition", "3", "3", "✅"],
        ["governance rules", "2", "2", "✅"],
      ]);
      expect(wire.gates[0]).toMatchObject({ gate: "schema_lint", outcome: "PASS", evidence: "VERIFICATION/a.json" });
      expect(wire.actions.map(({ action, owner, due }) => [action, owner, due])).toEqual([
        ["Split the gate", "bob", "2024-02-01"],
        ["Run schema_lint first", null, null],
      ]);
      expect(wire.verification.map(({ key }) => key)).toEqual([
        "manifest_checksum_sha256",
        "artifact a.yaml",
        "digest_body_sha256 (digest-body-v1)",
      ]);
      expect(holdsDigestBody(text)).toBe(true);
      expect(renderDigest(planDigest(complete), { format: shape })).toBe(text);
    },
  );

  it("writes every section of the long digest, and computes its shares, variances and formulas (DIG-04, B-48, D-05, D-07)", () => {
    const { text, wire } = parsed(complete, "c22-long");
    expect(wire.metadata.map(({ key, value }) => [key, value])).toEqual([
      ["Cycle ID", "PLN-BE-2024-01"],
      ["Period", "2024-01-01 to 2024-01-15"],
      ["Generated", "2024-01-15T10:00:00Z"],
      ["Framework Version", "1.0.0"],
    ]);
    expect(wire.sections.filter(({ level }) => level === 2).map(({ title }) => title)).toEqual([
      ...[
        "Executive Summary",
        "Key Performance Indicators (KPIs)",
        "Gate Outcomes",
        "Design Decisions",
        "Deliverable Status",
        "Risk Assessment",
      ],
      ...["Governance Compliance", "Quality Metrics", "Timeline Analysis", "Resource Utilization", "Recommendations", "Lessons Learned"],
      ...["Manifest Verification", "Improvement Actions", "Next Cycle Preview", "Appendix"],
    ]);
    for (const line of [
      "1/2 deliverables are complete.",
      "- 1/2 high-impact risks have a mitigation",
      "- 2/3 risks have a mitigation",
      "| Design | 15 days | 14 days | -6.7% |",
      "| Review | 3 days | Pending | n/a |",
      "| Nothing | 0 days | 1 day | n/a |",
      "- **Architecture**: 30 of 40 hours (75%)",
      "- **Cycle Duration**: 14 days",
      "- design completeness: (completed_sections / total_sections) \\* 100, with completed_sections = 9, total_sections = 10, is 90%",
      "- [x] Security review",
      "**Digest Status**: FINAL  ",
      "**Next Digest**: 2024-02-01  ",
    ])
      expect(text.split("\n")).toContain(line);
    expect(wire.figures[0]?.extra).toEqual({ Description: "n/a", Trend: "↑" });
  });

  it("keeps the long digest a DRAFT while its narrative misses something, and needs one (DIG-08)", () => {
    const gaps = {
      ...narrative,
      frameworkVersion: null,
      generated: null,
      summary: null,
      nextDigest: null,
      contact: null,
      repository: null,
    };
    const draft = planDigest({ ...complete, narrative: gaps });
    expect([draft.status, draft.findings.length]).toEqual(["DRAFT", 6]);
    expect(renderDigest(draft, { format: "c22-long" })).toContain("**Framework Version**: n/a");
    expect(() => renderDigest(planDigest({ ...complete, narrative: undefined }), { format: "c22-long" })).toThrow(RangeError);
  });

  it("takes no time or date of the narrative that is none, and says how the date of an action is shown (DIG-08)", () => {
    const wrong = { ...narrative, generated: "yesterday", nextDigest: "2024-02-30" };
    const draft = planDigest({
      ...complete,
      context: { ...context, actions: [{ action: "a", owner: "b", due: "soon" }] },
      narrative: wrong,
    });
    expect([draft.status, draft.findings.map(({ code, message }) => `${code} ${message}`)]).toEqual([
      "DRAFT",
      [
        'TELEMETRY_DIGEST_INPUT_INVALID The time of the digest "yesterday" is none: it is shown as n/a',
        'TELEMETRY_DIGEST_INPUT_INVALID The date of the next digest "2024-02-30" is none: it is shown as n/a',
        'TELEMETRY_DIGEST_INPUT_INVALID The date "soon" of "a" is none: it is shown as it was given',
      ],
    ]);
    const text = renderDigest(draft, { format: "c22-long" });
    for (const shown of ["**Generated**: n/a", "**Next Digest**: n/a", "(owner: b, due: soon)"]) expect(text).toContain(shown);
  });

  it.each(digestShapes)("%s reads back, whatever its texts are", (shape) => {
    const pieces = fc.constantFrom(
      "none",
      "action: x",
      "(owner: a, due: b)",
      "| a |",
      "`c`",
      "**b**",
      "# h",
      "h ##",
      "- i",
      "1. n",
      "<!-- c -->",
      "a: b",
      "---",
      "\\",
      "_x_",
      "&amp;",
    );
    const text = fc
      .array(fc.oneof(pieces, fc.string({ minLength: 1, maxLength: 12 })), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join(" "));
    const data = fc.record({
      gates: fc.array(fc.record({ id: text, outcome: text, evidence: fc.array(text, { maxLength: 2 }) }), { maxLength: 3 }),
      improvements: fc.array(text, { maxLength: 3 }),
      kpis: fc.array(
        fc.record({
          ...{ name: text, unit: fc.constantFrom("%", "", "pts"), direction: fc.constant("at_least" as const) },
          ...{ target: fc.option(fc.double({ noNaN: true })), actual: fc.option(fc.double({ noNaN: true })), description: text },
        }),
        { maxLength: 3 },
      ),
      cycleId: text,
      context: fc.record({
        actions: fc.array(fc.record({ action: text, owner: text, due: fc.constant("2024-02-01") }), { maxLength: 2 }),
        notes: fc.array(text),
      }),
      summary: text,
    });
    fc.assert(
      fc.property(data, ({ context: more, summary, ...rest }) => {
        const given: DigestData = {
          ...complete,
          ...rest,
          context: { ...context, ...more },
          narrative: { ...narrative, summary, highlights: more.notes },
        };
        const { text: rendered, wire } = parsed(given, shape);
        expect(wire.shape).toBe(shape);
        expect(wire.figures).toHaveLength(rest.kpis.length);
        expect(wire.gates.filter(({ gate }) => gate !== "Governance Critical==0")).toHaveLength(rest.gates.length);
        expect(wire.actions).toHaveLength(more.actions.length + rest.improvements.length);
        expect(holdsDigestBody(rendered)).toBe(true);
      }),
      { numRuns: isFull ? 3000 : 60 },
    );
  });
});

describe("findAnomalies()", () => {
  const kpi = (actual: number | null, earlier: readonly (number | null)[]): DigestKpi => ({
    ...{ name: "lead time", unit: "days", direction: "at_most", target: 5, actual, earlier },
  });

  it("notes what is unusual against the cycles before, and nothing before there are three (MET-09)", () => {
    expect(findAnomalies([kpi(9, [5, 5, 5])])).toEqual(["Anomaly: lead time is 9 days, and was 5 days in the middle of the last 3 cycles"]);
    for (const quiet of [
      kpi(5.2, [5, 5, 5]),
      kpi(9, [5, 5]),
      kpi(9, [5, null, 5]),
      kpi(null, [5, 5, 5]),
      kpi(8, [5, 7, 4, 6]),
      kpi(Number.NaN, [1, 1, 1]),
    ])
      expect(findAnomalies([quiet])).toEqual([]);
    expect(findAnomalies([{ ...kpi(10, [90, 91, 92]), unit: "%" }])[0]).toContain("is 10%, and was 91%");
    expect(findAnomalies([{ ...kpi(0, [2, 2, 2]), unit: "" }])[0]).toContain("is 0, and was 2 ");
  });

  it("puts the notes into every shape of a digest", () => {
    const data = { ...complete, kpis: [kpi(9, [5, 5, 5])] };
    expect(planDigest(data).status).toBe("FINAL");
    for (const shape of digestShapes) expect(parsed(data, shape).text).toContain("Anomaly: lead time is 9 days");
  });
});

describe("improvementActions()", () => {
  it("hands the actions on to the next cycle as their document (ART-16)", () => {
    const document = improvementActions(planDigest({ ...complete, cycleId: "2024-01-15" }));
    expect(validateKind("improvement_actions", document)).toEqual([]);
    expect(document).toEqual({ version: "1.0.0", cycle_id: "2024-01-15", actions: context.actions } as unknown as JsonObject);
    expect(improvementActions({ cycleId: "2024-01-15", context: null })).toMatchObject({ actions: [] });
  });
});
