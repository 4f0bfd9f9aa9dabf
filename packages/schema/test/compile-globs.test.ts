import fc from "fast-check";
import picomatch from "picomatch";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";
import { compileGlobs } from "@gov/schema";

function matches(include: string, path: string, exclude: readonly string[] = []): boolean {
  const compiled = compileGlobs({ include: [include], exclude });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.findings));
  return compiled.value(path);
}

describe("compileGlobs()", () => {
  it("matches within and across segments, dot names included", () => {
    expect(matches("**/*.md", "a.md")).toBe(true);
    expect(matches("**/*.md", ".hidden/b/c.md")).toBe(true);
    expect(matches("*.md", "b/c.md")).toBe(false);
    expect(matches("keps/**/kep.yaml", "keps/sig/1-a/kep.yaml")).toBe(true);
    expect(matches("{a,b}/?[0-9].md", "b/x7.md")).toBe(true);
    expect(matches("a/**", "ab/c")).toBe(false);
    expect(matches("A.md", "a.md")).toBe(false);
    expect(matches("**/*.md", "drafts/a.md", ["drafts/**"])).toBe(false);
  });

  it("matches and leaves out paths in NFC, in whatever Unicode form the glob is written", () => {
    expect(matches("cafe\u0301/**", "caf\u00e9/a.md")).toBe(true);
    expect(matches("**/[e\u0301].md", "a/\u00e9.md")).toBe(true);
    expect(matches("**", "caf\u00e9/a.md", ["cafe\u0301/*"])).toBe(false);
  });

  it("matches nothing without globs, and never a path of absurd size", () => {
    const none = compileGlobs({ include: [] });
    expect(none.ok && none.value("a")).toBe(false);
    expect(matches("**", "a/".repeat(3000) + "b")).toBe(false);
    expect(matches("**", "a".repeat(300))).toBe(false);
  });

  it("answers as picomatch does, although it asks it last", () => {
    const globs = fc.string({
      unit: fc.constantFrom("a", "b", "/", ".", "-", "*", "**", "?", "[ab]", "[ab]+", "{", "}", ",", "{a,b}", "+", "@", '"', "$"),
      maxLength: 8,
    });
    const paths = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "-", "*", "{", "}", ",", "+"), maxLength: 6 });
    fc.assert(
      fc.property(globs, fc.array(paths, { minLength: 8, maxLength: 8 }), (glob, candidates) => {
        const compiled = compileGlobs({ include: [glob] });
        if (!compiled.ok) return;
        const match = picomatch(glob, {
          dot: true,
          noextglob: true,
          nonegate: true,
          strictSlashes: true,
          windows: false,
          maxLength: 512,
          regex: false,
        });
        for (const path of [...candidates, glob]) if (path !== "") expect(compiled.value(path), path).toBe(match(path));
      }),
      { numRuns: Number(process.env["GLOBS"] ?? 2_000) },
    );
  });

  it("takes a plus for itself, wherever it stands", () => {
    for (const [glob, path] of [
      ["[ab]+.md", "a+.md"],
      ["{a,b}+.md", "b+.md"],
      ["a+", "a+"],
    ] as const) {
      expect([glob, matches(glob, path), matches(glob, path.replace("+", "")), matches(glob, "aa.md")]).toEqual([glob, true, false, false]);
    }
  });

  it("takes what people write, however many alternatives or stars it has in all", () => {
    for (const glob of [
      "**/*.{js,cjs,mjs,jsx,ts,cts,mts,tsx,py,sh,bash,mk,md,mdx,yaml,yml,json}",
      "{packages,apps}/*/{src,test}/**/*.{ts,tsx,md}",
      "**/*-*/**/*.test.*",
      "**/a/**/b/**/*.md",
      "*/*/*/*/*.md",
      "**/[Rr][Ee][Aa][Dd][Mm][Ee]*",
    ])
      expect(compileGlobs({ include: [glob] }).findings, glob).toEqual([]);
  });

  it("refuses patterns that mean too much or cost too much", () => {
    const refused = [
      "",
      "/a",
      "!a",
      "a\\b",
      "+(a|b)",
      "a/../b",
      "./a",
      "a\tb",
      "*a*b*c*d*",
      "**/a/**/b/**/c/**",
      "{a,b}".repeat(9),
      "{a,a,a,a,a,a}".repeat(4),
      "{a,{b,{c,d,e,f},g,h},i,j,k,l,m,n,o,p}*a*a*a".repeat(2),
      "**/a/**/a/**/*a*a*ab",
      "**/*a*/**/*a*/**/b",
      "*a*a*/*a*a*/b",
      "*{a,a}{a,a}*{a,a}{a,a}*{a,a}{a,a}{a,a}{a,a}b",
      "x".repeat(600),
    ];
    for (const glob of refused) {
      const compiled = compileGlobs({ include: ["ok"], exclude: [glob] });
      expect(
        compiled.findings.map((finding) => finding.code),
        glob,
      ).toEqual(["SCHEMA_GLOB"]);
      expect(compiled.ok).toBe(false);
    }
  });

  it("answers fast on the worst of what it accepts", () => {
    for (const glob of [
      "*a*a*b",
      "**/a/**/a/**/*a*ab",
      "{a*,a**}/{a*,*a*}/{a*,*}*/x",
      "{a,aa}+x",
      "[a]+[a]+[a]+[a]+[a]+x",
      "{a,b}".repeat(8) + "x",
    ]) {
      const took = stopwatch();
      for (const path of ["a/".repeat(127) + "x", "a".repeat(255), `${"a".repeat(31)}/`.repeat(120) + "x"]) matches(glob, path);
      expect(took(), glob).toBeLessThan(1_000);
    }
  });
});
