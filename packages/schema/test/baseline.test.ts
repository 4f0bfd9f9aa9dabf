import type { Finding } from "@gov/schema";
import { applySeverities, compareWithBaseline, createBaseline, parseBaseline } from "@gov/schema/findings";
import { describe, expect, it } from "vitest";

const finding = (code: string, over: Partial<Finding> = {}): Finding => ({
  code,
  severity: "error",
  message: `Wrong ${code}`,
  path: "a.md",
  line: 3,
  column: 1,
  ...over,
});

describe("createBaseline() and compareWithBaseline()", () => {
  it("let only findings count that the baseline does not know, wherever they stand now (IDX-15)", () => {
    const baseline = createBaseline([finding("B"), finding("A", { severity: "warning" }), finding("N", { severity: "note" })]);
    expect(baseline.findings.map(({ code }) => code)).toEqual(["A", "B"]);
    const moved = finding("B", { line: 99 });
    expect(compareWithBaseline([moved], baseline)).toMatchObject({ fresh: [], known: 1, fixed: [{ code: "A" }] });
    const elsewhere = finding("B", { path: "b.md" });
    expect(compareWithBaseline([moved, elsewhere, finding("C")], baseline).fresh).toEqual([elsewhere, finding("C")]);
  });

  it("count a finding that occurs once more than it did", () => {
    const baseline = createBaseline([finding("A")]);
    expect(compareWithBaseline([finding("A"), finding("A", { line: 9 })], baseline).fresh).toHaveLength(1);
  });
});

describe("parseBaseline()", () => {
  it("reads what was written, and refuses everything else", () => {
    const baseline = createBaseline([finding("A"), finding("B", { path: null, line: null })]);
    expect(parseBaseline(JSON.parse(JSON.stringify(baseline)), { path: "b.json" })).toMatchObject({ ok: true, value: baseline });
    const [entry] = baseline.findings;
    for (const value of [
      null,
      {},
      { version: 2, findings: [] },
      { version: 1, findings: [{ ...entry, fingerprint: "*" }] },
      { version: 1, findings: [{ ...entry, code: 7 }] },
      { version: 1, findings: [{ ...entry, path: 7 }] },
      { version: 1, findings: [7] },
    ])
      expect(parseBaseline(value, { path: "b.json" })).toMatchObject({ ok: false, findings: [{ path: "b.json" }] });
  });
});

describe("applySeverities()", () => {
  it("changes the severity of the codes it names, and no prototype's", () => {
    const findings = [finding("A"), finding("B"), finding("constructor")];
    expect(applySeverities(findings, { A: "note", B: "off" })).toEqual([{ ...finding("A"), severity: "note" }, finding("constructor")]);
  });
});
