import { execFileSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nodeFileSystem } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import { commandTable } from "../src/command-table.ts";
import { wallFileSystem } from "../src/walled-file-system.ts";
import { changingCall, envOf } from "./calls.ts";
import { contents } from "./contents.ts";
import { cycle, governed } from "./governed.ts";
import { folder, gov, govWith, listing, write } from "./harness.ts";

const entries = join(import.meta.dirname, "fixtures/entries.jsonl");

/** What a call finds beside what it needs, so that it has more to write and to remove. */
async function fill(root: string, name: string, keys: string): Promise<void> {
  if (/^(?:snapshot (?!take)|dr )/.test(name)) await gov(root, "snapshot", "take", "--key", join(keys, "ann.pem"));
  if (name === "snapshot repair") await gov(root, "snapshot", "backup", join(keys, "backup"));
  if (/^bridge (?!append)/.test(name)) await gov(root, "bridge", "append", entries);
}

/** The parts of a root that a call changes: the files, the folders at the top that they stand in, and those of the state. */
function changedParts(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const files = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
  const parts = files.flatMap((path) => {
    const [top = "", below = "", ...rest] = path.split("/");
    // Every object of the store is a file like the others.
    return [top, ...(top === ".gov" && rest.length > 0 ? [`${top}/${below}`] : []), ...(path.includes("/store/") ? [] : [path])];
  });
  return [...new Set(parts)].sort();
}

/** Puts a link that leads out of a root where something stands, or would: to what stood there, to something else of the kind, or to nothing. */
function linkOut(root: string, path: string, { target, like }: { readonly target: string; readonly like: string | null }): void {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  if (existsSync(place)) renameSync(place, target);
  else if (like !== null && lstatSync(like).isDirectory()) mkdirSync(target);
  else if (like !== null) writeFileSync(target, "mine");
  symlinkSync(target, place);
}

describe("every command that changes anything", () => {
  const changing = commandTable.filter(({ action }) => action !== null).map(({ name }) => [name]);

  it.each(changing)("touches nothing outside the root through a link that somebody has committed: gov %s (NFR-04)", async (name) => {
    const [base, root, keys] = [folder(), governed(), folder()];
    const argv = (await changingCall(root, name, keys)).filter((word) => word !== "--dry-run");
    await fill(root, name, keys);
    const copy = (into: string) => {
      for (const [from, to] of [
        [root, "root"],
        [keys, "keys"],
      ] as const)
        cpSync(from, join(base, into, to), { recursive: true, preserveTimestamps: true });
      return { root: join(base, into, "root"), argv: argv.map((word) => word.replace(keys, join(base, into, "keys"))) };
    };
    const plain = copy("plain");
    const before = contents(plain.root);
    await govWith({ env: envOf(name) }, plain.root, ...plain.argv);
    for (const [at, path] of changedParts(before, contents(plain.root)).entries()) {
      const made = join(plain.root, path);
      const isNew = !existsSync(join(root, path));
      for (const like of isNew && existsSync(made) ? [made, null] : [null]) {
        const linked = copy(`${String(at)}-${like === null ? "moved" : "like"}`);
        const outside = folder();
        linkOut(linked.root, path, { target: join(outside, "target"), like });
        const untouched = listing(outside);
        const run = await govWith({ env: envOf(name) }, linked.root, ...linked.argv);
        const about = `${path} → ${like === null ? (isNew ? "nothing" : "what stood there") : "something else"}: ${run.err}`;
        expect([about, listing(outside)]).toEqual([about, untouched]);
        // A refusal is told by a documented code, never as a defect.
        expect([about, run.code < 6]).toEqual([about, true]);
        if (path === ".gov" || path === "memory-bank")
          expect([about, run.code, run.err.includes("CLI_OUTSIDE_ROOT")]).toEqual([about, 3, true]);
      }
    }
  });
});

describe("a link in a root", () => {
  it("is refused with its path, and nothing of the root is changed either", async () => {
    const [root, outside] = [governed(), folder()];
    symlinkSync(outside, join(root, ".gov"));
    const untouched = contents(root);
    const run = await gov(root, "index", "--format", "json");
    expect([run.code, run.json()["error"]]).toEqual([
      3,
      {
        code: "CLI_OUTSIDE_ROOT",
        message: 'Cannot write ".gov": a link on its way leads out of the governed root, or into a folder of git\'s',
        hint: "put a folder or file of its own there",
      },
    ]);
    expect([contents(root), readdirSync(outside)]).toEqual([untouched, []]);
    // Who only reads need not care.
    expect((await gov(root, "check")).code).toBe(0);
  });

  it("is followed when it stays inside", async () => {
    const root = governed();
    write(root, "state/.keep", "");
    symlinkSync("state", join(root, ".gov"));
    expect(await gov(root, "index")).toMatchObject({ code: 0, err: "" });
    expect(readdirSync(join(root, "state"))).toContain("index");
  });

  it("leads nowhere where git keeps what it runs", async () => {
    const root = governed();
    symlinkSync(".git", join(root, ".gov"));
    const untouched = listing(join(root, ".git"));
    const run = await gov(root, "index");
    expect([run.code, run.err.includes("CLI_OUTSIDE_ROOT"), listing(join(root, ".git"))]).toEqual([3, true, untouched]);
  });

  it("is of no account where MEMORY_STORAGE_ROOT says that the state stands, which whoever sets it may have made one", async () => {
    const [root, disk, links] = [governed(), folder(), folder()];
    symlinkSync(disk, join(links, "state"));
    const env = { MEMORY_STORAGE_ROOT: join(links, "state") };
    expect(await govWith({ env }, root, "bridge", "append", entries)).toMatchObject({ code: 0, err: "" });
    expect(readdirSync(disk)).toHaveLength(1);
    const [own = ""] = readdirSync(disk);
    renameSync(join(disk, own, "bridge"), join(links, "bridge"));
    // One in the folder of the root is as strange as one in the root.
    symlinkSync(join(links, "bridge"), join(disk, own, "bridge"));
    expect((await govWith({ env }, root, "bridge", "drain")).err).toContain("CLI_OUTSIDE_ROOT");
  });

  it("does not hold where the command line names another place, unless it stands on the way from the root", async () => {
    const [root, keys, outside] = [governed(), folder(), folder()];
    symlinkSync(outside, join(root, "dist"));
    symlinkSync(outside, join(keys, "elsewhere"));
    const made = ["--person", "ann", "--role", "planning_lead", "--policy"];
    const run = (policy: string, name: string) => gov(root, "key", "new", join(keys, "new", name), ...made, policy);
    expect((await run(join(root, "dist/policy.yaml"), "a.pem")).err).toContain("CLI_OUTSIDE_ROOT");
    expect(readdirSync(outside)).toEqual([]);
    expect((await run(join(keys, "elsewhere/policy.yaml"), "b.pem")).code).toBe(0);
    expect(readdirSync(outside)).toEqual(["policy.yaml"]);
  });
});

describe("a file in place of the state of a root", () => {
  it("is refused, and stays", async () => {
    const root = governed();
    write(root, ".gov", "mine");
    for (const argv of [["index"], ["bridge", "append", entries], ["reports", "refresh"], ["init"], ["migrate"]]) {
      const run = await gov(root, ...argv);
      expect([argv, run.code, run.err]).toEqual([
        argv,
        3,
        expect.stringContaining('Cannot keep state in ".gov": it is no folder  CLI_STATE_UNUSABLE'),
      ]);
    }
    for (const argv of [["check"], ["gate", cycle]]) expect([argv, (await gov(root, ...argv)).code < 2]).toEqual([argv, true]);
    expect(await gov(root, "status")).toMatchObject({ code: 4, err: expect.stringContaining("ATOMIC_IO_READ_FAILED") as string });
    expect(readFileSync(join(root, ".gov"), "utf8")).toBe("mine");
  });
});

describe("gov init --hook", () => {
  const rootWith = (hooksPath: string | null) => {
    const top = folder({ "governance/.keep": "" });
    execFileSync("git", ["init", "-q"], { cwd: top });
    if (hooksPath !== null) execFileSync("git", ["config", "core.hooksPath", hooksPath], { cwd: top });
    return top;
  };

  it("follows a link in place of git's own folder of hooks, as git does: no clone brings one", async () => {
    for (const below of ["", "governance"]) {
      const [top, shared] = [rootWith(null), folder()];
      renameSync(join(top, ".git/hooks"), join(shared, "hooks"));
      symlinkSync(join(shared, "hooks"), join(top, ".git/hooks"));
      expect(await gov(top, "init", join(top, below), "--hook")).toMatchObject({ code: 0, err: "" });
      expect(readFileSync(join(shared, "hooks/pre-commit"), "utf8")).toContain(
        below === "" ? "gov check --staged" : `gov check '${below}' --staged`,
      );
    }
  });

  it("follows none in the working tree that leads out of it, which somebody may have committed", async () => {
    for (const below of ["", "governance"]) {
      const [top, outside] = [rootWith(".husky"), folder()];
      symlinkSync(outside, join(top, ".husky"));
      const run = await gov(top, "init", join(top, below), "--hook");
      expect([run.code, run.err.includes("CLI_OUTSIDE_ROOT"), readdirSync(outside)]).toEqual([3, true, []]);
      const plain = rootWith(".husky");
      expect(await gov(plain, "init", join(plain, below), "--hook")).toMatchObject({ code: 0, err: "" });
      expect(readdirSync(join(plain, ".husky"))).toEqual(["pre-commit"]);
    }
  });
});

describe("wallFileSystem()", () => {
  const walled = () => {
    const [root, outside] = [folder({ "in/file": "in", file: "text" }), folder({ file: "mine", "sub/file": "mine" })];
    for (const [target, name] of [
      [outside, "out"],
      [join(outside, "file"), "out-file"],
      [join(outside, "none"), "dangling"],
      ["in", "inside"],
      ["in/file", "inside-file"],
    ] as const)
      symlinkSync(target, join(root, name));
    const { fs, admit } = wallFileSystem(nodeFileSystem);
    admit(root);
    return { root, outside, admit, fs, at: (path: string) => join(root, path) };
  };

  it.each<readonly [string, (wall: ReturnType<typeof walled>) => Promise<unknown>]>([
    ["creates nothing below a link", ({ fs, at }) => fs.open(at("out/new"), "create")],
    ["appends nothing below a link", ({ fs, at }) => fs.open(at("out/file"), "append")],
    ["appends nothing through a link", ({ fs, at }) => fs.open(at("out-file"), "append")],
    ["appends nothing through a link to nothing", ({ fs, at }) => fs.open(at("dangling"), "append")],
    ["alters nothing through a link", ({ fs, at }) => fs.open(at("out-file"), "read-write")],
    ["makes no folder below a link", ({ fs, at }) => fs.mkdir(at("out/new"))],
    ["takes no link for a folder that it makes", ({ fs, at }) => fs.mkdir(at("out"))],
    ["renames nothing out", ({ fs, at }) => fs.rename(at("file"), at("out/new"))],
    ["renames nothing in", ({ fs, at }) => fs.rename(at("out/file"), at("new"))],
    ["links nothing out", ({ fs, at }) => fs.link(at("file"), at("out/new"))],
    ["removes nothing below a link", ({ fs, at }) => fs.unlink(at("out/sub/file"))],
    ["goes nowhere else", ({ fs, outside }) => fs.open(join(outside, "new"), "create")],
    ["goes no way up", ({ fs, root }) => fs.open(join(root, "..", "new"), "create")],
    ["follows nobody who has followed a link", async ({ fs, at }) => fs.unlink(join(await fs.realpath(at("out")), "file"))],
    ["writes nothing where git keeps its own", ({ fs, at }) => fs.mkdir(at(".GIT"))],
  ])("%s", async (_, change) => {
    const wall = walled();
    const untouched = [wall.root, wall.outside].map(listing);
    await expect(change(wall)).rejects.toMatchObject({ code: "CLI_OUTSIDE_ROOT" });
    expect([wall.root, wall.outside].map(listing)).toEqual(untouched);
  });

  it("lets through what stays inside, and what takes away a link itself", async () => {
    const { fs, at, root } = walled();
    await (await fs.open(at("inside/new"), "create")).close();
    await (await fs.open(at("inside-file"), "append")).close();
    await fs.mkdir(at("made"));
    await fs.rename(at("inside/new"), at("made/new"));
    await fs.link(at("made/new"), at("inside/linked"));
    for (const link of ["out", "dangling"]) await fs.unlink(at(link));
    expect(readdirSync(root)).toEqual(["file", "in", "inside", "inside-file", "made", "out-file"]);
    expect(readdirSync(join(root, "in"))).toEqual(["file", "linked"]);
  });

  it("writes below a place that it is told of, and makes it with the folders above", async () => {
    const { fs, at, admit, outside } = walled();
    admit(join(outside, "a/b"));
    for (const path of ["a", "a/b", "a/b/c"]) await fs.mkdir(join(outside, path));
    await expect(fs.mkdir(join(outside, "other"))).rejects.toMatchObject({ code: "CLI_OUTSIDE_ROOT" });
    // One inside the root stays part of it.
    admit(at("out"));
    await expect(fs.mkdir(at("out/new"))).rejects.toMatchObject({ code: "CLI_OUTSIDE_ROOT" });
  });

  it("changes nothing where it cannot be found out what stands there", async () => {
    const { root } = walled();
    const failing = (call: "lstat" | "realpath") => {
      const broken = { ...nodeFileSystem, [call]: () => Promise.reject(Object.assign(new Error("EIO"), { code: "EIO" })) };
      const { fs, admit } = wallFileSystem(broken);
      admit(root);
      return fs;
    };
    const untouched = listing(root);
    for (const call of ["lstat", "realpath"] as const) await expect(failing(call).mkdir(join(root, "new"))).rejects.toThrow("EIO");
    expect(listing(root)).toEqual(untouched);
  });

  it("names the link through which a library would have written", async () => {
    const { fs, at, outside } = walled();
    await fs.readlink(at("out-file"));
    await expect(fs.open(join(outside, ".gov-tmp-1"), "create")).rejects.toThrow('Cannot write "out-file": a link on its way leads out');
  });
});
