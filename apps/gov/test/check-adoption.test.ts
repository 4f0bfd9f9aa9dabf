import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { nodeFileSystem } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import { nodeWorld } from "../src/node-world.ts";
import { commit, findingsOf, folder, gov, govWith, listing, type Run, write } from "./harness.ts";

const good = (id: string) => `---\nid: ${id}\nversion: 1.0.0\nstatus: draft\n---\n`;
const bad = (id: string) => `---\nid: ${id}\nversion: 7\nstatus: draft\n---\n`;
const git = (cwd: string, ...args: string[]) => execFileSync("git", args, { cwd, stdio: "pipe" });
const paths = (run: Run) => findingsOf(run).map(({ path }) => path);
const json = (root: string, ...argv: string[]) => gov(root, "check", "--format", "json", ...argv);

describe("gov check --since and --staged", () => {
  it("tell only of what changed since a revision, uncommitted and new documents included", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "old.md": bad("old"), "kept.md": good("kept") });
    commit(root);
    write(root, "kept.md", bad("kept"));
    write(root, "new.md", bad("new"));
    expect([...new Set(paths(await json(root)))]).toEqual(["kept.md", "new.md", "old.md"]);
    const since = await json(root, "--since", "HEAD");
    expect([since.code, [...new Set(paths(since))]]).toEqual([1, ["kept.md", "new.md"]]);
    const unknown = await gov(root, "check", "--since", "nowhere");
    expect([unknown.code, unknown.err.includes("CLI_NO_REVISION")]).toEqual([3, true]);
    expect((await gov(root, "check", "--since", "--output=/tmp/x")).code).not.toBe(0);
  });

  it("finds an error in a document that others changed elsewhere only when told to look at everything", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "a.md": good("a"), "b.md": good("b") });
    commit(root);
    write(root, "b.md", good("a"));
    expect(paths(await json(root, "--since", "HEAD"))).toEqual(["b.md"]);
  });

  it("check the bytes that the next commit holds, not those in the folder", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "a.md": good("a"), "b.md": good("b") });
    commit(root);
    write(root, "a.md", bad("a"));
    git(root, "add", "a.md");
    write(root, "a.md", good("a"));
    write(root, "b.md", bad("b"));
    const staged = await json(root, "--staged");
    expect([staged.code, [...new Set(paths(staged))]]).toEqual([1, ["a.md"]]);
    git(root, "add", "a.md");
    expect((await json(root, "--staged")).code).toBe(0);
    git(root, "rm", "-q", "--cached", "b.md");
    expect((await json(root, "--staged")).code).toBe(0);
    const nowhere = await gov(folder({ "gov.yaml": "version: 1\n" }), "check", "--staged");
    expect([nowhere.code, nowhere.err.includes("CLI_NO_REPOSITORY")]).toEqual([3, true]);
  });

  it("check a document on standard input as if it stood at a path", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "docs/a.md": good("a"), "docs/b.md": bad("b") });
    const check = (text: string, ...argv: string[]) =>
      govWith({ stdin: async () => new TextEncoder().encode(text) }, join(root, "docs"), "check", "-", "--format", "json", ...argv);
    expect((await check(good("a"), "--stdin-path", "a.md")).code).toBe(0);
    const run = await check(bad("x"), "--stdin-path", "new.md");
    expect([run.code, [...new Set(paths(run))]]).toEqual([1, ["docs/new.md"]]);
    expect((await check(good("a"))).code).toBe(2);
    expect((await gov(root, "check", "--stdin-path", "a.md")).code).toBe(2);
    expect((await gov(root, "check", "--since", "HEAD", "--staged")).code).toBe(2);
  });
});

describe("gov check --write-baseline", () => {
  it("lets only new findings fail, wherever the old ones move, and removes the fixed when it is written again (IDX-15)", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "a.md": bad("a"), "b.md": bad("b") });
    expect((await gov(root, "check")).code).toBe(1);
    expect((await gov(root, "check", "--write-baseline")).out).toContain("2 findings to gov-baseline.json");
    const written = readFileSync(join(root, "gov-baseline.json"), "utf8");
    const known = await gov(root, "check");
    expect([known.code, known.out.includes("2 known findings")]).toEqual([0, true]);
    write(root, "a.md", bad("a").replace("id:", "# a comment\nid:"));
    expect((await gov(root, "check")).code).toBe(0);
    write(root, "c.md", bad("c"));
    const fresh = await json(root);
    expect([fresh.code, paths(fresh)]).toEqual([1, ["c.md"]]);
    write(root, "c.md", good("c"));
    write(root, "b.md", good("b"));
    expect((await gov(root, "check")).out).toContain("1 of it are fixed: gov check --write-baseline removes them");
    expect((await gov(root, "check", "--write-baseline", "--dry-run")).out).toContain("Would write 1 findings");
    expect(readFileSync(join(root, "gov-baseline.json"), "utf8")).toBe(written);
    await gov(root, "check", "--write-baseline");
    const pruned = readFileSync(join(root, "gov-baseline.json"), "utf8");
    expect(pruned).not.toContain('"b.md"');
    await gov(root, "check", "--write-baseline");
    expect(readFileSync(join(root, "gov-baseline.json"), "utf8")).toBe(pruned);
  });

  it("refuses a baseline that is missing or none, because it would hide what nobody accepted", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "a.md": bad("a"), "odd.json": "{}" });
    for (const file of ["odd.json", "gone.json"]) {
      const run = await gov(root, "check", "--baseline", file);
      expect([file, run.code, run.err.includes("CLI_BASELINE_UNUSABLE")]).toEqual([file, 3, true]);
    }
    write(root, "gov-baseline.json", "[]");
    expect((await gov(root, "check")).code).toBe(3);
  });
});

describe("severities of the rulebook", () => {
  it("set how much findings of a code weigh, and are part of the rulebook hash", async () => {
    const rulebook = (more: string) =>
      `version: "1"\nmetadata: { id: rulebook, version: 1.0.0, status: approved, kind: rulebook }\n${more}`;
    const root = folder({ "gov.yaml": "version: 1\n", "rulebook.yaml": rulebook(""), "a.md": bad("a") });
    const hash = async () => (await gov(root, "status", "--format", "json")).json()["rulebookHash"];
    const before = await hash();
    expect((await gov(root, "check")).code).toBe(1);
    write(root, "rulebook.yaml", rulebook("severities: { SCHEMA_VIOLATION: warning }\n"));
    const run = await json(root);
    expect([run.code, findingsOf(run).find(({ path }) => path === "a.md")?.severity]).toEqual([0, "warning"]);
    expect(await hash()).not.toBe(before);
    write(root, "rulebook.yaml", rulebook("severities: { schema_violation: warning }\n"));
    expect((await gov(root, "check")).code).toBe(1);
  });
});

describe(".gov/cache", () => {
  const real = nodeWorld("0.0.0-test");
  /** A root that was quiet for a while, and a check that counts the files it opens beside the cache. */
  function cached(files: Readonly<Record<string, string>> = {}) {
    const root = folder({ "gov.yaml": "version: 1\n", "docs/a.md": good("a"), "docs/b.md": bad("b"), ".gov/keep": "", ...files });
    const check = async (laterMs = 60_000) => {
      const opened: string[] = [];
      const fs = {
        ...nodeFileSystem,
        open: async (...args: Parameters<typeof nodeFileSystem.open>) => {
          if (args[1] === "read" && !args[0].includes(".gov")) opened.push(args[0]);
          return nodeFileSystem.open(...args);
        },
      };
      const clock = { now: () => Date.now() + laterMs, monotonicMs: () => 0 };
      const run = await govWith({ fs, clock, stamps: real.stamps }, root, "check", "--format", "json");
      return { run, opened };
    };
    return { root, check };
  }

  it("gives the same answer without opening a document, until anything that decides on it changes", async () => {
    const { root, check } = cached();
    const first = await check();
    expect(first.opened.length).toBeGreaterThan(2);
    const second = await check();
    expect([second.opened, second.run.out, second.run.code]).toEqual([[], first.run.out, 1]);
    const changes: readonly (() => void)[] = [
      () => write(root, "docs/a.md", bad("a")),
      () => write(root, "docs/c.md", good("c")),
      () => write(root, "gov.yaml", 'version: 1\ndocuments: { include: ["docs/*.md"] }\n'),
      () => write(root, "docs/.gitignore", "c.md\n"),
      () => write(root, "rulebook.yaml", "broken: [\n"),
      () => utimesSync(join(root, "docs/a.md"), 1, 1),
    ];
    for (const change of changes) {
      change();
      const after = await check();
      expect(after.opened.length).toBeGreaterThan(0);
      expect((await check()).opened).toEqual([]);
      expect((await check()).run.out).toBe(after.run.out);
      expect(after.run.out).toBe((await gov(root, "check", "--format", "json", "--no-cache")).out);
    }
  });

  it("keeps nothing while a document is so fresh that it may change unseen, nor without a .gov/ to keep it in", async () => {
    const { root, check } = cached();
    await check(0);
    expect(existsSync(join(root, ".gov/cache"))).toBe(false);
    const bare = folder({ "gov.yaml": "version: 1\n", "a.md": good("a") });
    const before = listing(bare);
    await govWith({ clock: { now: () => Date.now() + 60_000, monotonicMs: () => 0 }, stamps: real.stamps }, bare, "check");
    expect(listing(bare)).toEqual(before);
  });

  it("is not kept, and stops no check, while something that decides on the result is out of sight", async () => {
    const { root, check } = cached();
    symlinkSync(".gitignore", join(root, "docs/.gitignore"));
    const { run } = await check();
    expect([run.code, run.out]).toEqual([1, (await gov(root, "check", "--format", "json", "--no-cache")).out]);
    expect(existsSync(join(root, ".gov/cache"))).toBe(false);
  });

  it("is no cache when it is damaged, whatever the damage", async () => {
    const { root, check } = cached();
    const first = await check();
    const path = ".gov/cache/check-v2.json";
    const whole = readFileSync(join(root, path), "utf8");
    for (const damage of ["", "{", "null", "[]", '{"key":7}', whole.slice(0, -9), whole.replace('"key":', '"kez":')]) {
      write(root, path, damage);
      const again = await check();
      expect([damage.slice(0, 9), again.run.out]).toEqual([damage.slice(0, 9), first.run.out]);
    }
  });

  it("stays out of the way where it cannot be written", async () => {
    const { root, check } = cached({ ".gov/cache": "a file where the folder should be" });
    expect((await check()).run.code).toBe(1);
    expect(readFileSync(join(root, ".gov/cache"), "utf8")).toContain("a file");
  });
});
