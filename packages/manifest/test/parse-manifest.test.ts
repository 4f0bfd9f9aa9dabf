import { parseManifest, renderManifest } from "@gov/manifest";
import { describe, expect, it } from "vitest";
import { model } from "./manifest-fakes.ts";

const text = renderManifest(model());

function refusals(edited: string | Uint8Array): readonly (readonly [string, number | null])[] {
  const parsed = parseManifest(edited, { path: "m.yaml" });
  return parsed.ok ? [] : parsed.findings.map(({ code, line }) => [code, line] as const);
}

describe("parseManifest()", () => {
  it("reads bare hexadecimal digests and outcomes in any case", () => {
    const parsed = parseManifest(text.replaceAll("sha256:", "").replaceAll('"PASS"', "pass"));
    expect(parsed).toEqual({ ok: true, value: model(), findings: [] });
  });

  it("refuses unknown, missing and repeated fields with their place (MAN-05)", () => {
    expect(refusals(text.replace("sealed: true", "sealed: true\nextra: 1"))).toEqual([["MANIFEST_FIELD_UNKNOWN", 6]]);
    expect(refusals(text.replace("  critical_issues: 0\n", ""))).toEqual([["MANIFEST_FIELD_MISSING", expect.any(Number)]]);
    expect(refusals(text.replace("sealed: true", "sealed: true\nsealed: true"))[0]?.[0]).toBe("SCHEMA_DUPLICATE_KEY");
    expect(refusals(text.replace("sealed: true", "sealed: false"))).toEqual([["MANIFEST_FIELD_INVALID", 5]]);
    expect(refusals(text.replace("sequence: 1", 'sequence: "1"'))).toEqual([["MANIFEST_FIELD_INVALID", 4]]);
    expect(refusals(text.replace('tags: ["Critical", "Risk:Low"]', "tags: [1]"))[0]?.[0]).toBe("MANIFEST_FIELD_INVALID");
    expect(refusals(text.replace("version: 1", "version: 2"))).toEqual([["MANIFEST_FIELD_INVALID", 1]]);
  });

  it("refuses checksums and sizes of different files, and values of the wrong type", () => {
    expect(refusals(text.replace('  "z/ä.txt": 0\n', ""))).toEqual([["MANIFEST_FIELD_MISSING", expect.any(Number)]]);
    expect(refusals(text.replace('  "z/ä.txt": 0\n', '  "z/ä.txt": 0\n  "y": 0\n')).map(([code]) => code)).toEqual([
      "MANIFEST_FIELD_MISSING",
    ]);
    expect(refusals(text.replace('"z/ä.txt": 0', '"z/ä.txt": x')).map(([code]) => code)).toEqual(["MANIFEST_FIELD_INVALID"]);
    expect(refusals(text.replace(/"z\/ä.txt": "[^"]*"/, '"z/ä.txt": 1')).map(([code]) => code)).toEqual(["MANIFEST_DIGEST_INVALID"]);
    expect(refusals(text.replace('"schema_lint": "PASS"', '"schema_lint": 1')).map(([code]) => code)).toEqual(["MANIFEST_FIELD_INVALID"]);
    expect(refusals(text.replace("notes:", 'prior_manifest_id: "x"\nnotes:')).map(([code]) => code)).toEqual(["MANIFEST_FIELD_MISSING"]);
  });

  it("refuses what could not have been sealed, such as a failed gate", () => {
    expect(refusals(text.replace('"schema_lint": "PASS"', '"schema_lint": "FAIL"'))).toEqual([["MANIFEST_GATE_NOT_PASSED", null]]);
  });

  it("refuses what is no document at all", () => {
    expect(refusals("[]").map(([code]) => code)).toEqual(["MANIFEST_FIELD_INVALID"]);
    expect(refusals(new Uint8Array([0xff, 0xfe]))).not.toEqual([]);
    expect(refusals("a: [").length).toBeGreaterThan(0);
    expect(parseManifest(text, { maxBytes: 10 }).ok).toBe(false);
  });
});
