import { describe, expect, it } from "vitest";
import { findPathCollisions, normalizePath } from "@gov/schema";

describe("normalizePath()", () => {
  it("gives one spelling, in NFC", () => {
    expect(normalizePath("plans/cafe\u0301.md")).toEqual({ ok: true, value: "plans/café.md", findings: [] });
    expect(normalizePath(".github/a b.md").ok).toBe(true);
  });

  it("refuses every path that could leave the root or have two names", () => {
    const refused = [
      "",
      "/etc/passwd",
      "../a",
      "a/../../b",
      "a/./b",
      "a//b",
      "a/",
      "C:/a",
      "\u212a:/a",
      "\u0958".repeat(128),
      "a\\b",
      "a\0b",
      "a\nb",
      "a\ud800",
      "x".repeat(256),
      "a/".repeat(200) + "b",
      "a/".repeat(4000) + "b",
    ];
    for (const path of refused) {
      const result = normalizePath(path);
      expect(result.ok, path).toBe(false);
      expect(result.findings.map((finding) => finding.code)).toEqual(["SCHEMA_PATH"]);
    }
  });
});

describe("findPathCollisions()", () => {
  it("finds paths that differ in case or Unicode form only, and nothing else", () => {
    const paths = ["a/Plan.md", "a/plan.md", "b/cafe\u0301.md", "b/café.md", "c/straße", "c/STRASSE", "d/x", "d/x", "d/y"];
    expect(findPathCollisions(paths).map(({ code, path }) => [code, path])).toEqual([
      ["SCHEMA_PATH_COLLISION", "a/plan.md"],
      ["SCHEMA_PATH_COLLISION", "b/café.md"],
      ["SCHEMA_PATH_COLLISION", "c/straße"],
    ]);
    expect(findPathCollisions(["a", "b"])).toEqual([]);
  });
});
