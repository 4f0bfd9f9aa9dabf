import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { openGitHistory } from "@gov/index-writer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { available } from "./required.ts";

describe.runIf(available("git", ["git", "--version"]))("openGitHistory()", () => {
  let root = "";
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "gov-history-")));
    git("init", "--quiet", "--initial-branch=main");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function git(...args: readonly string[]): string {
    const identity = {
      GIT_AUTHOR_NAME: "a",
      GIT_AUTHOR_EMAIL: "a@example.org",
      GIT_COMMITTER_NAME: "a",
      GIT_COMMITTER_EMAIL: "a@example.org",
    };
    return execFileSync("git", ["-C", root, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, ...identity },
    });
  }
  function commit(time: number, files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
    git("add", "--all");
    process.env["GIT_COMMITTER_DATE"] = `@${time} +0000`;
    git("commit", "--quiet", "--message=change");
    delete process.env["GIT_COMMITTER_DATE"];
  }

  it("gives the time of the last commit that changed a path, whatever the path is called, also below a folder", async () => {
    mkdirSync(join(root, "docs"));
    commit(1_000_000, { "docs/a.md": "1", "docs/é ö.md": "1", "docs/line\nbreak.md": "1", "top.md": "1" });
    commit(1_000_100, { "docs/a.md": "2" });
    commit(1_000_200, { "top.md": "2" });
    writeFileSync(join(root, "docs/new.md"), "never committed");
    const times = await openGitHistory(root).commitTimes(["docs/a.md", "docs/é ö.md", "top.md", "docs/new.md", "docs/line\nbreak.md"]);
    expect(Object.fromEntries(times)).toEqual({
      "docs/a.md": 1_000_100,
      "docs/é ö.md": 1_000_000,
      "docs/line\nbreak.md": 1_000_000,
      "top.md": 1_000_200,
    });
    expect(Object.fromEntries(await openGitHistory(join(root, "docs")).commitTimes(["a.md", "top.md"]))).toEqual({ "a.md": 1_000_100 });
  });

  it("counts a merge for what it changed itself, and a branch for what came from it", async () => {
    commit(1_000, { "a.md": "1", "b.md": "1" });
    git("checkout", "--quiet", "-b", "side");
    commit(2_000, { "a.md": "side" });
    git("checkout", "--quiet", "main");
    commit(3_000, { "b.md": "main" });
    git("merge", "--quiet", "--no-commit", "side");
    commit(4_000, { "b.md": "neither" });
    expect(Object.fromEntries(await openGitHistory(root).commitTimes(["a.md", "b.md"]))).toEqual({ "a.md": 2_000, "b.md": 4_000 });
  });

  it("runs git once for any number of paths, and ends when all are known", async () => {
    commit(1_000, Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`${number}.md`, "1"])));
    for (let change = 1; change < 5; change++) commit(1_000 + change, { "0.md": `change ${change}` });
    const log = join(root, "calls.log");
    const counting = join(root, "counting-git");
    writeFileSync(counting, `#!/bin/sh\necho call >> "${log}"\nexec git "$@"\n`, { mode: 0o755 });
    const times = await openGitHistory(root, { git: counting }).commitTimes(Array.from({ length: 300 }, (_, number) => `${number}.md`));
    expect([times.size, times.get("0.md"), times.get("1.md")]).toEqual([300, 1_004, 1_000]);
    expect(execFileSync("cat", [log], { encoding: "utf8" })).toBe("call\n");
  });

  it("knows no times without a commit, asks nobody about nothing, and says when git does not answer", async () => {
    expect((await openGitHistory(root).commitTimes(["a.md"])).size).toBe(0);
    expect((await openGitHistory("/nonexistent").commitTimes([])).size).toBe(0);
    await expect(openGitHistory("/").commitTimes(["a.md"])).rejects.toMatchObject({ code: "INDEX_HISTORY_FAILED" });
    await expect(openGitHistory(root, { git: "/no/such/git" }).commitTimes(["a.md"])).rejects.toMatchObject({
      code: "INDEX_HISTORY_FAILED",
    });
    await expect(openGitHistory(root, { signal: AbortSignal.abort(new Error("enough")) }).commitTimes(["a.md"])).rejects.toThrow("enough");
  });
});
