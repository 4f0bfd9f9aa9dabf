import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFileSystem } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import { commandTable } from "../src/command-table.ts";
import { guardFileSystem } from "../src/guarded-file-system.ts";
import { createProgress } from "../src/progress.ts";
import type { Terminal } from "../src/terminal.ts";
import { changingCall, envOf } from "./calls.ts";
import { cycle, governed, places, rbacPolicy } from "./governed.ts";
import { commit, folder, gov, govWith, listing, write } from "./harness.ts";

const changing = commandTable.filter(({ action }) => action !== null);

/** All that a listing says but of the folders that hold the log, which a denial may create. */
const outsideLog = (root: string) => listing(root).filter((line) => !line.startsWith("memory-bank"));

describe("every command that changes anything", () => {
  it.each(changing.map(({ name, action }) => [name, action]))(
    "asks who may: gov %s exits 6 without %s, changes nothing, and the log tells (GOV-12, GOV-13)",
    async (name, action) => {
      const root = governed();
      const argv = await changingCall(root, name);
      write(root, "rbac_policy.yaml", rbacPolicy("somebody"));
      commit(root);
      const untouched = outsideLog(root);
      // A dry run tells nobody.
      const run = await govWith({ env: envOf(name) }, root, ...argv.filter((word) => word !== "--dry-run"), "--actor", "mallory");
      expect([name, run.code, run.out]).toEqual([name, 6, ""]);
      expect(run.err).toContain(`mallory may not do this (${String(action)})`);
      expect(run.err).toContain("CLI_DENIED");
      expect(outsideLog(root)).toEqual(untouched);
      const told = readFileSync(join(root, places.log), "utf8").trimEnd().split("\n").at(-1);
      expect(JSON.parse(told ?? "")).toMatchObject({ kind: "ACCESS_DENIED", actor: "unverified:mallory" });
      expect((await gov(root, "audit", "verify")).code).toBe(0);
    },
  );

  it.each(changing.map(({ name }) => [name]))("changes nothing in a dry run: gov %s (GAT-25)", async (name) => {
    const root = governed();
    const argv = await changingCall(root, name);
    const keys = argv.flatMap((word) => (word.endsWith(".pem") ? [join(word, "..")] : []));
    const before = [root, ...keys].map(listing);
    const env = envOf(name);
    const run = await govWith({ env }, root, ...new Set([...argv, "--dry-run"]));
    expect([name, run.code, run.err]).toEqual([name, 0, ""]);
    expect([root, ...keys].map(listing)).toEqual(before);
    write(root, "rbac_policy.yaml", rbacPolicy("somebody"));
    commit(root);
    const denied = [root, ...keys].map(listing);
    expect([name, (await govWith({ env }, root, ...new Set([...argv, "--dry-run"]))).code]).toEqual([name, 6]);
    expect([root, ...keys].map(listing)).toEqual(denied);
  });

  it("is denied without a policy as soon as enforcement blocks, and with one that demands proof (GOV-12, GOV-15)", async () => {
    const root = governed();
    write(root, "rbac_policy.yaml", rbacPolicy("ann").replace("status: approved", "status: draft"));
    commit(root);
    const create = ["cycle", cycle, "create_plan", "--actor", "ann", "--dry-run"];
    expect((await gov(root, ...create)).code).toBe(0);
    const blocking = await govWith({ env: { AI_ENFORCEMENT_MODE: "hard_block" } }, root, ...create);
    expect([blocking.code, blocking.err.includes("there is no rbac policy")]).toEqual([6, true]);
    write(root, "rbac_policy.yaml", `${rbacPolicy("ann")}require_proof: true\n`);
    const unproven = await gov(root, ...create);
    expect([unproven.code, unproven.err.includes("the name ann is not proven")]).toEqual([6, true]);
  });
});

describe("guardFileSystem()", () => {
  it("reads, and changes nothing before it is permitted", async () => {
    const root = folder({ a: "text" });
    const { fs, permit } = guardFileSystem(nodeFileSystem);
    await (await fs.open(join(root, "a"), "read")).close();
    const attempts = [
      () => fs.open(join(root, "b"), "create"),
      () => fs.open(join(root, "a"), "read-write"),
      () => fs.open(join(root, "a"), "append"),
      () => fs.mkdir(join(root, "c")),
      () => fs.rename(join(root, "a"), join(root, "d")),
      () => fs.link(join(root, "a"), join(root, "e")),
      () => fs.unlink(join(root, "a")),
    ];
    const before = listing(root);
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow("nobody was asked");
    expect(listing(root)).toEqual(before);
    permit();
    await fs.mkdir(join(root, "c"));
    await fs.unlink(join(root, "a"));
  });
});

describe("--format", () => {
  const wrong = () => {
    const top = folder({ "docs/gov.yaml": "version: 1\n", "docs/a.md": "---\nid: a\nversion: 7\nstatus: nope\n---\n", ".git/HEAD": "" });
    return join(top, "docs");
  };

  it("writes SARIF, JUnit, annotations and Markdown, with paths from the top of the repository", async () => {
    const root = wrong();
    const check = async (format: string) => {
      const { code, out, err } = await gov(root, "check", "--format", format);
      expect([format, code, err]).toEqual([format, 1, ""]);
      return out;
    };
    const sarif = JSON.parse(await check("sarif")) as { readonly runs: readonly { readonly results: readonly object[] }[] };
    expect(JSON.stringify(sarif.runs[0]?.results)).toContain('"uri":"docs/a.md"');
    expect(await check("junit")).toContain('<testsuite name="docs/a.md"');
    expect(await check("github")).toMatch(/^::error .*file=docs\/a\.md,line=4/m);
    expect(await check("markdown")).toContain("### `docs/a.md`");
    expect(await check("text")).toBe(await check("pretty"));
  });

  it("keeps to the format when nothing could be done, and tells a person on standard error (SCH-11)", async () => {
    for (const format of ["sarif", "junit", "github", "markdown"]) {
      const run = await gov(folder(), "check", "--format", format);
      expect([run.code, run.err.includes("CLI_NO_CONFIGURATION"), /CLI.{0,2}NO.{0,2}CONFIGURATION/.test(run.out)]).toEqual([3, true, true]);
    }
  });
});

describe("--quiet, --verbose and --as-of", () => {
  it("prints nothing that is fine, and what fails", async () => {
    const root = governed();
    expect(await gov(root, "check", "--quiet")).toMatchObject({ code: 0, out: "", err: "" });
    write(root, places.storyMap, "---\nid: [\n---\n");
    const run = await gov(root, "check", "-q");
    expect([run.code, run.out.includes("error")]).toEqual([1, true]);
  });

  it("says on standard error what is done, and leaves standard output alone", async () => {
    const root = governed();
    const plain = await gov(root, "check", "--format", "json");
    const told = await gov(root, "check", "--format", "json", "--verbose");
    expect(told.out).toBe(plain.out);
    expect(told.err).toMatch(/^gov: +\d+ ms {2}reading/m);
  });

  it("judges as at another time, for reading and trying only", async () => {
    const root = governed();
    const dated = await gov(root, "digest", cycle, "--as-of", "2027-03-04", "--dry-run");
    expect([dated.code, dated.out.includes("2027-03-04")]).toEqual([0, true]);
  });
});

describe("createProgress()", () => {
  const watch = (isWatched: boolean, verbosity: "quiet" | "normal" | "verbose" = "normal") => {
    let err = "";
    let now = 0;
    const terminal: Terminal = { out: () => undefined, err: (text) => (err += text), colour: true, isWatched, columns: 20 };
    const progress = createProgress(terminal, { monotonicMs: () => now, verbosity });
    return { progress, at: (ms: number) => (now = ms), text: () => err };
  };

  it("shows nothing in the first half second, then one line that is gone at the end", () => {
    const { progress, at, text } = watch(true);
    progress.show("reading");
    at(499);
    progress.show("reading");
    expect(text()).toBe("");
    at(500);
    progress.show("reading a document with a long name");
    at(510);
    progress.show("too soon to draw again");
    expect(text()).toBe("\r\u001b[2K… reading a documen");
    progress.clear();
    progress.clear();
    expect(text()).toBe("\r\u001b[2K… reading a documen\r\u001b[2K");
  });

  it("shows nothing where nobody watches, and nothing when it has to be quiet", () => {
    for (const [isWatched, verbosity] of [
      [false, "normal"],
      [true, "quiet"],
    ] as const) {
      const { progress, at, text } = watch(isWatched, verbosity);
      at(9000);
      progress.show("reading");
      expect(text()).toBe("");
    }
  });
});
