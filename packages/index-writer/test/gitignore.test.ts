import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { scanFiles } from "@gov/index-writer";
import fc from "fast-check";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
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
    "a**/*",
    "**\\/b",
    "[[:a]b:]",
    "[b-a].md",
    "[[:constructor:]]",
  ),
  fc
    .array(fc.constantFrom("a", "b", "*", "**", "/", "?", "[a-c]", "[^b]", "[[:alpha:]]", "[]x]", "\\", "!", ".md", "é", " "), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.join("")),
);
const fileText = fc.array(lines, { maxLength: 5 }).map((texts) => texts.join("\n"));

const cases = 200;

describe.runIf(available("git", ["git", "--version"]))("scanFiles() with .gitignore", () => {
  it("leaves out exactly what git leaves out", async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "gov-ignore-")));
    try {
      execFileSync("git", ["init", "--quiet", root]);
      execFileSync("git", ["-C", root, "config", "core.excludesFile", "/dev/null"]);
      // Each case in a folder of its own, so that git is asked once for all.
      const seed = randomInt(2 ** 31);
      const samples = fc.sample(fc.tuple(fileText, fileText, fileText), { seed, numRuns: cases });
      for (const [at, texts] of samples.entries()) {
        for (const path of paths) {
          mkdirSync(join(root, String(at), dirname(path)), { recursive: true });
          writeFileSync(join(root, String(at), path), "");
        }
        for (const [depth, folder] of [".", "a", "a/b"].entries())
          writeFileSync(join(root, String(at), folder, ".gitignore"), texts[depth] as string);
      }
      const untracked = execFileSync("git", ["-C", root, "ls-files", "--others", "--exclude-standard", "-z"], { encoding: "utf8" });
      const [git, ours] = [foldersOf(untracked.split("\0")), foldersOf((await scanFiles(root)).files.map(({ path }) => path))];
      for (const [at, texts] of samples.entries()) {
        const [wanted, found] = [git.get(String(at)) ?? [], ours.get(String(at)) ?? []];
        const shown = `seed ${seed}, case ${at}: ${JSON.stringify(texts)}`;
        expect(found, shown).toEqual(wanted);
        // A root inside the repository hears of the files above it, unless it is ignored itself: then it is what was asked for.
        const all = wanted.filter((path) => path.startsWith("b/"));
        const below = await scanFiles(join(root, String(at), "b"));
        if (all.length > 0) expect(below.files.map(({ path }) => `b/${path}`).sort(), shown).toEqual(all);
      }
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

/** Sorted paths by their first folder, without those of ignore files themselves. */
function foldersOf(all: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const path of all.toSorted()) {
    const [folder, ...rest] = path.split("/");
    if (folder === undefined || rest.length === 0 || path.endsWith(".gitignore")) continue;
    folders.set(folder, [...(folders.get(folder) ?? []), rest.join("/")]);
  }
  return folders;
}

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
  it("takes stars behind a plain beginning for stars at the beginning, as git does", () => {
    const matched = (line: string): readonly string[] =>
      ["ab", "a/x", "abc/x", "ab/c/x", "b", "xab"].filter((path) => parseIgnorePattern(line)?.matches(path));
    expect(matched("a**/*")).toEqual(["ab", "a/x", "abc/x", "ab/c/x"]);
    expect(matched("/a**/x")).toEqual(["a/x", "abc/x", "ab/c/x"]);
    expect(matched("?**/x")).toEqual(["a/x", "abc/x"]);
  });

  it("takes sets as git does: odd classes, ranges that end before they begin, and its own white space", () => {
    const matched = (line: string): readonly string[] =>
      ["a", "b", "[b:]", ":b:]", "ab:]", "\v", "\t", "["].filter((path) => parseIgnorePattern(line)?.matches(path));
    expect(matched("[[:a]b:]")).toEqual(["[b:]", ":b:]", "ab:]"]);
    expect(matched("[b-a]")).toEqual(["b"]);
    expect(matched("[[:space:]]")).toEqual(["\t"]);
    expect(matched("[[:]")).toEqual(["["]);
    for (const name of ["constructor", "toString", "__proto__", ""]) expect(matched(`[[:${name}:]]`), name).toEqual([]);
  });

  it("takes time in proportion to line and path, whatever the line", () => {
    const pattern = parseIgnorePattern(`${"*a".repeat(200)}b`);
    const took = stopwatch();
    expect(pattern?.matches("a".repeat(4_000))).toBe(false);
    expect(took()).toBeLessThan(2_000);
  });
});
