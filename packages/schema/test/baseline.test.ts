import { readFileSync } from "node:fs";
import { join } from "node:path";
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

describe("baseline format, version 1 (docs/formats/baseline-v1.md)", () => {
  // Written once by the release that introduced version 1, and never again: what was written then is read for ever.
  const text = readFileSync(join(import.meta.dirname, "fixtures/baseline-v1.json"), "utf8");
  const path = "docs/größe.md";
  const findings = [
    finding("B", { path }),
    finding("A", { path }),
    finding("A", { path, line: 9 }),
    finding("C", { path: null, line: null, column: null, severity: "warning" }),
  ];
  const parse = (json: string) => parseBaseline(JSON.parse(json), { path: "gov-baseline.json" });

  it("is read as it was written once and for all, and written as it was (NFR-08)", () => {
    const parsed = parse(text);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
    expect(parsed.value.findings.map(({ code, path: of }) => [code, of])).toEqual([
      ["C", null],
      ["A", path],
      ["A", path],
      ["B", path],
    ]);
    expect(compareWithBaseline(findings, parsed.value)).toEqual({ fresh: [], known: 4, fixed: [] });
    expect(`${JSON.stringify(createBaseline(findings), null, 2)}\n`).toBe(text);
  });

  it("hides nothing with a fingerprint altered, and is refused where it is another version or no fingerprint", () => {
    for (const { index } of text.matchAll(/(?<=")[0-9a-f]{32}:/g))
      for (let at = index; at < index + 32; at++) {
        const altered = parse(text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1));
        if (!altered.ok) throw new Error(JSON.stringify(altered.findings));
        const compared = compareWithBaseline(findings, altered.value);
        expect([at, compared.fresh.length, compared.fixed.length]).toEqual([at, 1, 1]);
      }
    for (const [from, to] of [
      ['"version": 1', '"version": 2'],
      [':1"', ':0"'],
      ['"fingerprint"', '"fingerprins"'],
    ] as const) {
      expect(text).toContain(from);
      expect(parse(text.replace(from, to)).ok).toBe(false);
    }
  });
});

describe("applySeverities()", () => {
  it("changes the severity of the codes it names, and no prototype's", () => {
    const findings = [finding("A"), finding("B"), finding("constructor")];
    expect(applySeverities(findings, { A: "note", B: "off" })).toEqual([{ ...finding("A"), severity: "note" }, finding("constructor")]);
  });
});
