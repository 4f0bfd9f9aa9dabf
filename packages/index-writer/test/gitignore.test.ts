import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { scanFiles } from "@gov/index-writer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseIgnorePattern } from "../src/internal/scan/ignore-pattern.ts";
import { available } from "./required.ts";

const paths = [
  "a.md",
  "b.md",
  "ab.md",
  "a/a.md",
  "a/b/c.md",
  "b/a/b.md",
  "a/b/a/b.md",
  "c d.md",
  "é/ö.md",
  "a/ ",
  "[x].md",
  "a/b/!x",
  "-/#y",
  "a\\b",
];
const lines = fc.oneof(
  fc.constantFrom(
    "*",
    "**",
    "/a",
    "a/",
    "!a.md",
    "a/**",
    "**/b",
    "a/**/b",
    "*.md",
    "!*.md",
    "a/*",
    "#x",
    "\\#y",
    "\\!x",
    "[ab].md",
    "[!a]*",
    "b/ ",
    "c\\ d.md",
    "a\\",
    "[a",
    "***/b",
  ),
  fc
    .array(fc.constantFrom("a", "b", "*", "**", "/", "?", "[a-c]", "[^b]", "[[:alpha:]]", "[]x]", "\\", "!", ".md", "é", " "), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.join("")),
);
const fileText = fc.array(lines, { maxLength: 5 }).map((texts) => texts.join("\n"));

describe.runIf(available("git", ["git", "--version"]))("scanFiles() with .gitignore", () => {
  it("leaves out exactly what git leaves out", async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "gov-ignore-")));
    try {
      execFileSync("git", ["init", "--quiet", root]);
      execFileSync("git", ["-C", root, "config", "core.excludesFile", "/dev/null"]);
      for (const path of paths) {
        mkdirSync(join(root, dirname(path)), { recursive: true });
        writeFileSync(join(root, path), "");
      }
      const untracked = (): readonly string[] =>
        execFileSync("git", ["-C", root, "ls-files", "--others", "--exclude-standard", "-z"], { encoding: "utf8" })
          .split("\0")
          .filter((path) => path !== "" && !path.endsWith(".gitignore"));
      await fc.assert(
        fc.asyncProperty(fileText, fileText, fileText, async (top, middle, deep) => {
          writeFileSync(join(root, ".gitignore"), top);
          writeFileSync(join(root, "a", ".gitignore"), middle);
          writeFileSync(join(root, "a", "b", ".gitignore"), deep);
          const { files } = await scanFiles(root);
          expect(files.map(({ path }) => path).filter((path) => !path.endsWith(".gitignore"))).toEqual([...untracked()].sort());
          // A root inside the repository hears of the files above it, unless it is ignored itself: then it is what was asked for.
          const below = await scanFiles(join(root, "b"));
          const all = untracked().filter((path) => path.startsWith("b/"));
          if (all.length > 0) expect(below.files.map(({ path }) => `b/${path}`)).toEqual([...all].sort());
        }),
        { numRuns: 150 },
      );
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe("scanFiles() with .gitignore, in memory", () => {
  it("says what it left out, and leaves nothing out when told to disregard them", async () => {
    const fs = createMemoryFileSystem({
      files: {
        "/repo/.gitignore": "dist/\n*.tmp\n",
        "/repo/dist/a.md": "",
        "/repo/a.md": "",
        "/repo/x/b.tmp": "",
        "/repo/x/.gitignore": "!keep.tmp\n",
        "/repo/x/keep.tmp": "",
      },
    });
    const { files, ignored } = await scanFiles("/repo", { fs, exclude: ["**/.gitignore"] });
    expect([files.map(({ path }) => path), ignored]).toEqual([
      ["a.md", "x/keep.tmp"],
      ["dist/", "x/b.tmp"],
    ]);
    const all = await scanFiles("/repo", { fs, gitignore: "disregard", exclude: ["**/.gitignore"] });
    expect([all.files.map(({ path }) => path), all.ignored]).toEqual([["a.md", "dist/a.md", "x/b.tmp", "x/keep.tmp"], []]);
  });

  it("hides nothing by a .gitignore that it cannot read, or that is a link", async () => {
    const files = { "/repo/a.md": "", "/outside": "a.md", "/repo/x/.gitignore": "b.md", "/repo/x/b.md": "" };
    const fs = createMemoryFileSystem({
      files,
      fault: ({ name, path }) => (name === "open" && path.endsWith("x/.gitignore") ? { errno: "EACCES" } : undefined),
    });
    fs.symlink("/outside", "/repo/.gitignore");
    expect((await scanFiles("/repo", { fs, include: ["**/*.md"] })).files.map(({ path }) => path)).toEqual(["a.md", "x/b.md"]);
  });
});

describe("parseIgnorePattern()", () => {
  it("takes time in proportion to line and path, whatever the line", () => {
    const pattern = parseIgnorePattern(`${"*a".repeat(200)}b`);
    const started = performance.now();
    expect(pattern?.matches("a".repeat(4_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
