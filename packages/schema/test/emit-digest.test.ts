import { readFileSync } from "node:fs";
import { type DigestContent, digestShapes, emitDigest, parseDigest, type WireDigest } from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const source = (shape: string): string => readFileSync(new URL(`fixtures/digest-${shape}.md`, import.meta.url), "utf8");

function read(text: string): WireDigest {
  const parsed = parseDigest(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.value;
}

function written(digest: DigestContent): string {
  const emitted = emitDigest(digest);
  if (!emitted.ok) throw new Error(JSON.stringify(emitted.findings));
  return emitted.value;
}

/** Lines that two texts do not share. */
function changed(before: string, after: string): readonly string[] {
  const [a, b] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  return [
    ...a.filter((line) => !b.includes(line)).map((line) => `-${line}`),
    ...b.filter((line) => !a.includes(line)).map((line) => `+${line}`),
  ];
}

const fresh = (shape: DigestContent["shape"]): DigestContent => ({
  shape,
  title: "Cycle Digest",
  metadata: [{ key: "Cycle ID", value: "PLN-BE-2024-01" }],
  figures: [
    { name: "coverage_pct", value: "82%", target: "80%", status: "✅" },
    { name: "lead | time", value: "n/a", target: null, status: null },
  ]
    .map((figure) =>
      shape.startsWith("c22")
        ? { ...figure, target: figure.target ?? "", status: figure.status ?? "" }
        : { ...figure, name: figure.name.replace(" |", "") },
    )
    .map((figure) => ({ ...figure, status: shape.startsWith("c22") || figure.target !== null ? figure.status : null })),
  gates: [
    { gate: "schema_lint", outcome: "PASS", evidence: "VERIFICATION/a.json" },
    { gate: "parity", outcome: "FAIL", evidence: null },
  ],
  actions: [{ action: "Cut lead time", owner: "ann", due: "2024-02-01" }],
  sections: [{ title: "Notes", level: 3, text: "\nAs it stands.\n" }],
});

describe("emitDigest()", () => {
  it.each(digestShapes)("writes the bytes again that it read: %s (DIG-01, DIG-03, DIG-04, DIG-05)", (shape) => {
    for (const text of [source(shape), source(shape).replaceAll("\n", "\r\n"), `Above.\n\n${source(shape).trimEnd()}`])
      expect(written(read(text))).toBe(text);
  });

  it("keeps headings with marks of their own", () => {
    const text = "### **Cycle** Digest ###\n- Owners: ann\n\n###  KPI Spine  ##\n- a: 1\n";
    expect(written(read(text))).toBe(text);
    expect(written({ ...read(text), title: "Next" }).split("\n")[0]).toBe("### Next");
  });

  it("changes the lines that say something else, and no other", () => {
    const c11 = read(source("c11"));
    const edited = written({
      ...c11,
      metadata: c11.metadata.map((member) => (member.key === "snapshot_rev" ? { ...member, value: "7a9b3c4d" } : member)),
      figures: [
        ...c11.figures
          .filter(({ name }) => name !== "a11y_pass_rate")
          .map((figure) => (figure.name === "dora.mttr_hours" ? { ...figure, value: "4" } : figure)),
        { name: "defect_escape_rate", value: "2%", target: "5%", status: null },
      ],
      gates: c11.gates.map((gate, index) => (index === 0 ? { ...gate, outcome: "PASS", evidence: "run/1" } : gate)),
    });
    expect(changed(source("c11"), edited)).toEqual([
      "-- snapshot_rev: <git_sha>",
      "-- a11y_pass_rate: <percent>",
      "-  - mttr_hours: <value>",
      "-- schema_lint: PASS/FAIL (evidence: <link>)",
      "+- snapshot_rev: 7a9b3c4d",
      "+  - mttr_hours: 4",
      "+- defect_escape_rate: 2% (target: 5%)",
      "+- schema_lint: PASS (evidence: run/1)",
    ]);
    expect(read(edited).figures.at(-1)).toMatchObject({ name: "defect_escape_rate", target: "5%" });
  });

  it("keeps further columns of a table, and prose around it", () => {
    const long = read(source("c22-long"));
    expect(long.figures[0]?.extra).toEqual({ Description: "Percentage of design artifacts completed", Trend: "→" });
    const figures = long.figures.map((figure, index) => (index === 0 ? { ...figure, value: "90%", status: "❌" } : figure));
    expect(changed(source("c22-long"), written({ ...long, figures }))).toEqual([
      "-| **Design Completeness** | Percentage of design artifacts completed | 100% | 100% | ✅ | → |",
      "+| Design Completeness | Percentage of design artifacts completed | 100% | 90% | ❌ | → |",
    ]);
    expect(read(written({ ...long, figures: [] })).figures).toEqual([]);
  });

  it("reads and writes improvement actions, checksums and the figures at a glance (ART-16, MAN-16, DIG-03)", () => {
    const c11 = read(source("c11"));
    expect(c11.actions).toMatchObject([{ action: "<description>", owner: "<name>", due: "<iso8601>" }, {}]);
    expect(c11.verification.map(({ key }) => key.split(".")[0])).toEqual([
      "manifest_checksum_sha256",
      "artifacts_hashed",
      "artifacts_hashed",
      "artifacts_hashed",
    ]);
    const [first] = c11.actions;
    const actions = [{ action: "Cut lead time", owner: "ann", due: "2024-02-01" }, ...(first === undefined ? [] : [first])];
    expect(read(written({ ...c11, actions: [...actions].reverse() })).actions).toMatchObject([...actions].reverse());
    expect(read(source("c22-short")).metrics).toMatchObject([
      { key: "Cycle Duration", value: "14 days" },
      { key: "Tasks Completed", value: "23/28 (82%)" },
      { key: "Quality Gate Pass Rate", value: "96%" },
      { key: "Critical Issues", value: "0" },
    ]);
    // References below a rule are no actions.
    expect(read(source("c33")).actions).toHaveLength(1);
  });

  it.each(digestShapes)("lays a digest that is made anew out as its source does: %s", (shape) => {
    const text = written(fresh(shape));
    const again = read(text);
    expect(again).toMatchObject({ ...fresh(shape), sections: expect.anything() as unknown });
    expect(again.sections.at(-1)).toMatchObject({ title: "Notes", text: "\nAs it stands.\n" });
    expect(written(again)).toBe(text);
    expect(text).not.toMatch(/\n\n\n/);
  });

  it("reads back exactly what it wrote, whatever the texts are, or refuses", () => {
    const tame = fc.constantFrom("cycle_time", "82%", "n/a", "PASS", "run/1", "2024-02-01", "Cycle Digest", "a|b", "__proto__");
    const word = fc.oneof(
      { arbitrary: tame, weight: 12 },
      { arbitrary: fc.stringMatching(/^[A-Za-z0-9_.%<>()|:*#` -]{1,12}$/), weight: 1 },
    );
    const digest = fc.record({
      shape: fc.constantFrom(...digestShapes),
      title: word,
      metadata: fc.array(fc.record({ key: word, value: word }), { maxLength: 3 }),
      figures: fc.array(fc.record({ name: word, value: word, target: fc.option(word), status: fc.option(word) }), { maxLength: 4 }),
      gates: fc.array(fc.record({ gate: word, outcome: word, evidence: fc.option(word) }), { maxLength: 3 }),
      actions: fc.array(fc.record({ action: word, owner: fc.option(word), due: fc.option(word) }), { maxLength: 2 }),
      sections: fc.constant([]),
    });
    let kept = 0;
    fc.assert(
      fc.property(digest, (content) => {
        const emitted = emitDigest(content);
        if (!emitted.ok) {
          expect(emitted.findings.map(({ code }) => code)).toEqual(["SCHEMA_DIGEST"]);
          return;
        }
        kept += 1;
        expect(read(emitted.value)).toMatchObject({ ...content, sections: expect.anything() as unknown });
        expect(written(read(emitted.value))).toBe(emitted.value);
      }),
      { numRuns: 400 },
    );
    expect(kept).toBeGreaterThan(10);
  });

  it("survives edits of single entries of the sources, byte for byte elsewhere", () => {
    fc.assert(
      fc.property(fc.constantFrom(...digestShapes), fc.nat(30), fc.constantFrom("7", "n/a", "x y"), (shape, at, value) => {
        const digest = read(source(shape));
        const index = at % digest.figures.length;
        const figures = digest.figures.map((figure, i) => (i === index ? { ...figure, value } : figure));
        const text = written({ ...digest, figures });
        expect(changed(source(shape), text).length).toBeLessThanOrEqual(2);
        expect(read(text).figures.map((figure) => figure.value)).toEqual(figures.map((figure) => figure.value));
      }),
      { numRuns: 60 },
    );
  });

  it("refuses by name what would not read back", () => {
    const said = (content: DigestContent): readonly string[] => emitDigest(content).findings.map(({ message }) => message);
    expect(said({ ...fresh("c33"), gates: [{ gate: "a\n# b", outcome: "PASS", evidence: null }] })[0]).toMatch(/would not read back/);
    expect(said({ ...fresh("c11"), metrics: [{ key: "a", value: "b" }] })).toEqual([
      "Cannot write the digest as c11: metrics would not read back as given",
    ]);
    expect(said({ ...fresh("c33"), title: "" })[0]).toMatch(/Cannot write the digest as c33/);
    expect(said({ ...fresh("c33"), title: "x".repeat(9_000) })[0]).toMatch(/longer than/);
  });
});
