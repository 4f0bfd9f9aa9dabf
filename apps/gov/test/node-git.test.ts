import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nodeFileSystem } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import { nodeGit } from "../src/node-git.ts";
import { commit, folder, listing, write } from "./harness.ts";

describe("nodeGit", () => {
  it("knows nothing where there is no repository, and no commit yet", async () => {
    const root = folder();
    for (const begin of [() => undefined, () => execFileSync("git", ["init", "-q"], { cwd: root })]) {
      begin();
      expect(await nodeGit.revision(root)).toBeNull();
      expect([...(await nodeGit.commitTimes(root, null))]).toEqual([]);
    }
  });

  it("gives the time of each path's last commit, below the folder asked for, whatever the names", async () => {
    const root = folder({ "docs/a.md": "1", "docs/b c.md": "1", "docs/ü\n.md": "1", "other.md": "1" });
    commit(root, 1_700_000_000);
    write(root, "docs/b c.md", "2");
    commit(root, 1_700_000_001);
    const times = await nodeGit.commitTimes(join(root, "docs"), null);
    expect([...times].sort()).toEqual([
      ["a.md", 1_700_000_000],
      ["b c.md", 1_700_000_001],
      ["ü\n.md", 1_700_000_000],
    ]);
    expect(times.has("other.md")).toBe(false);
    expect((await nodeGit.commitTimes(root, null)).get("docs/a.md")).toBe(1_700_000_000);
    expect(await nodeGit.revision(root)).toMatch(/^[0-9a-f]{40}$/);
  });

  it("gives no time to what no commit holds as it stands, and writes nothing to the repository", async () => {
    const root = folder({ "a.md": "1", "b.md": "1", "c.md": "1" });
    commit(root, 1_700_000_000);
    write(root, "a.md", "2");
    write(root, "new.md", "1");
    rmSync(join(root, "c.md"));
    const before = listing(root);
    expect([...(await nodeGit.commitTimes(root, null)).keys()]).toEqual(["b.md"]);
    expect(listing(root)).toEqual(before);
  });

  it("remembers the times of a commit where it is told to, and those of a shallow clone nowhere", async () => {
    const root = folder({ "a.md": "1", "b.md": "1" });
    const path = join(folder(), "commit-times-v1");
    const cache = { path, fs: nodeFileSystem };
    commit(root, 1_700_000_000);
    const first = await nodeGit.commitTimes(root, cache);
    const bytes = readFileSync(path);
    expect([...first].sort()).toEqual([...(await nodeGit.commitTimes(root, cache))].sort());
    expect(readFileSync(path)).toEqual(bytes);
    write(root, "a.md", "2");
    expect((await nodeGit.commitTimes(root, cache)).has("a.md")).toBe(false);
    commit(root, 1_700_000_100);
    expect((await nodeGit.commitTimes(root, cache)).get("a.md")).toBe(1_700_000_100);
    expect(readFileSync(path)).not.toEqual(bytes);
    rmSync(path);
    const shallow = folder();
    execFileSync("git", ["clone", "-q", "--depth=1", `file://${root}`, "."], { cwd: shallow });
    expect((await nodeGit.commitTimes(shallow, cache)).get("b.md")).toBe(1_700_000_100);
    expect(existsSync(path)).toBe(false);
  });

  it("gives kept files as each commit left them, the oldest first, and nothing without a repository", async () => {
    const text = (bytes: Uint8Array | undefined) => (bytes === undefined ? null : new TextDecoder().decode(bytes));
    const keep = (path: string) => path.startsWith("rules/");
    const root = folder({ "docs/rules/a": "1", "docs/rules/b\u00e4 x": "1", "docs/other": "1", "rules/outside": "1" });
    const directory = join(root, "docs");
    expect(await nodeGit.history(directory, keep)).toEqual([]);
    commit(root);
    write(root, "docs/other", "2");
    commit(root, 1_700_000_100);
    write(root, "docs/rules/a", "2");
    rmSync(join(root, "docs/rules/b\u00e4 x"));
    commit(root, 1_700_000_200);
    write(root, "docs/rules/a", "uncommitted");
    const history = await nodeGit.history(directory, keep);
    expect(history.map(({ files }) => [...files].map(([path, bytes]) => [path, text(bytes)]))).toEqual([
      [
        ["rules/a", "1"],
        ["rules/b\u00e4 x", "1"],
      ],
      [["rules/a", "2"]],
    ]);
    for (const { commit: name } of history) expect(name).toMatch(/^[0-9a-f]{40}$/);
    expect(await nodeGit.history(directory, () => false)).toEqual([]);
  });

  it("spells paths in NFC, as every scan does, whatever the form they were committed in", async () => {
    const root = folder({ "e\u0301.md": "1" });
    commit(root, 1_700_000_000);
    expect([...(await nodeGit.commitTimes(root, null))]).toEqual([["\u00e9.md", 1_700_000_000]]);
    write(root, "e\u0301.md", "2");
    expect([...(await nodeGit.commitTimes(root, null))]).toEqual([]);
    expect(await nodeGit.changedSince(root, "HEAD")).toEqual(["\u00e9.md"]);
    execFileSync("git", ["add", "-A"], { cwd: root });
    expect([...((await nodeGit.staged(root)) ?? [])]).toEqual([["\u00e9.md", Buffer.from("2")]]);
  });

  it("holds a file staged under another Unicode form for changed, not for gone", async () => {
    const root = folder({ "e\u0301.md": "1" });
    commit(root);
    const blob = execFileSync("git", ["hash-object", "-w", "e\u0301.md"], { cwd: root, encoding: "utf8" }).trim();
    execFileSync("git", ["update-index", "--force-remove", "e\u0301.md"], { cwd: root });
    execFileSync("git", ["update-index", "--add", "--cacheinfo", `100644,${blob},\u00e9.md`], { cwd: root });
    expect([...((await nodeGit.staged(root)) ?? [])]).toEqual([["\u00e9.md", Buffer.from("1")]]);
  });

  it("passes over a folder that once had the name of a file", async () => {
    const root = folder({ "rules/a/b": "1", "rules/c": "1" });
    commit(root);
    rmSync(join(root, "rules/a"), { recursive: true });
    write(root, "rules/a", "file");
    commit(root, 1_700_000_100);
    const history = await nodeGit.history(root, (path) => path === "rules/a" || path === "rules/c");
    expect(history.map(({ files }) => [...files.keys()])).toEqual([["rules/c"], ["rules/a", "rules/c"]]);
  });
});
