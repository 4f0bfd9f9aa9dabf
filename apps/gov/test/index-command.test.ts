import { readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { nodeFileSystem, type FileSystem } from "@gov/atomic-io";
import { type IndexRecord, openIndex } from "@gov/index-writer";
import { describe, expect, it } from "vitest";
import { nodeWorld } from "../src/node-world.ts";
import { governed } from "./governed.ts";
import { gov, govWith, type Run, write } from "./harness.ts";

const { clock, stamps } = nodeWorld("0.0.0-test");

/** Runs `gov index` and tells which documents it opened. */
async function index(root: string, ...flags: string[]): Promise<Indexed> {
  const opened: string[] = [];
  const open: FileSystem["open"] = (path, ...rest) => {
    if (/\.(?:yaml|mdc?)$/u.test(path)) opened.push(path.slice(root.length + 1));
    return nodeFileSystem.open(path, ...rest);
  };
  const run = await govWith({ clock, stamps, fs: { ...nodeFileSystem, open } }, root, "index", "--format", "json", ...flags);
  return { run, opened: opened.filter((path) => path.startsWith("docs/")).sort(), all: opened };
}

interface Indexed {
  readonly run: Run;
  /** Those in `docs/`, sorted. */
  readonly opened: readonly string[];
  readonly all: readonly string[];
}

/** Long enough that what was written before counts as settled. */
const settle = () => setTimeout(120);

function plan(id: string, title = "A plan"): string {
  return `---\nid: ${id}\nkind: plan\nversion: "1.0"\nstatus: draft\ntitle: ${title}\n---\n# ${title}\n`;
}

async function withPlans(): Promise<string> {
  const root = governed();
  write(root, "gov.yaml", readFileSync(join(root, "gov.yaml"), "utf8").replace('"frameworks/**"', '"frameworks/**", "docs/**"'));
  for (const name of ["a", "b", "c"]) write(root, `docs/${name}.md`, plan(`PLN-${name}`));
  await settle();
  const first = await index(root);
  expect(first.run.code, first.run.out + first.run.err).toBe(0);
  expect(first.opened).toEqual(["docs/a.md", "docs/b.md", "docs/c.md"]);
  return root;
}

/** The index is what it would be if every document had been read. */
async function expectWhole(root: string): Promise<void> {
  const check = await gov(root, "index", "--check");
  expect(check.code, check.out).toBe(0);
}

describe("gov index: documents that look the same", () => {
  it("are not read again, and their records stay (IDX-03)", async () => {
    const root = await withPlans();
    const again = await index(root);
    expect(again.opened).toEqual([]);
    expect(again.run.json()).toMatchObject({ put: 0, removed: 0 });
    await expectWhole(root);
  });

  it("are read when their bytes, their sidecar, or only their times change (IDX-03)", async () => {
    const root = await withPlans();
    write(root, "docs/b.md", plan("PLN-b", "B plan"));
    const { opened, run } = await index(root);
    expect([opened, run.json()]).toMatchObject([["docs/b.md"], { put: 1, removed: 0 }]);
    await expectWhole(root);

    await settle();
    await index(root);
    write(root, "docs/a.md.meta.yaml", "owners: [somebody]\ntags: [x]\n");
    expect((await index(root)).opened).toEqual(["docs/a.md", "docs/a.md.meta.yaml"]);
    await expectWhole(root);

    // A sidecar that was written just now may change again without looking different: it and its document are read until it has settled.
    expect((await index(root)).opened).toEqual(["docs/a.md", "docs/a.md.meta.yaml"]);
    await settle();
    await index(root);
    expect((await index(root)).opened).toEqual([]);
    rmSync(join(root, "docs/a.md.meta.yaml"));
    expect((await index(root)).opened).toEqual(["docs/a.md"]);
    await expectWhole(root);

    utimesSync(join(root, "docs/c.md"), 1, 1);
    expect((await index(root)).opened).toContain("docs/c.md");
    rmSync(join(root, "docs/c.md"));
    expect((await index(root)).run.json()).toMatchObject({ put: 0, removed: 1 });
    await expectWhole(root);
  });

  it("are read when the index is no longer the one written from them, whoever changed it (IDX-16)", async () => {
    const root = await withPlans();
    const path = join(root, "artifacts_index.json");
    const before = readFileSync(path, "utf8");
    write(root, "artifacts_index.json", before.replace("A plan", "No plan"));
    const { opened } = await index(root);
    expect(opened).toContain("docs/a.md");
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  it("are read when a crash left lines in the journal that the index does not hold (IDX-02)", async () => {
    const root = await withPlans();
    const path = join(root, "artifacts_index.json");
    const before = readFileSync(path, "utf8");
    const left = await openIndex(root);
    const record = left.get("docs/a.md") as IndexRecord;
    await left.change({ put: [{ ...record, title: "No plan" }], remove: ["docs/b.md"] });
    // Nothing is written to the index but by a checkpoint.
    await left.close();
    expect(readFileSync(path, "utf8")).toBe(before);
    const { opened, run } = await index(root);
    expect([opened, run.json()]).toMatchObject([["docs/a.md", "docs/b.md", "docs/c.md"], { put: 2, removed: 0 }]);
    expect(readFileSync(path, "utf8")).toBe(before);
    expect((await index(root)).opened).toEqual([]);
    await expectWhole(root);
  });

  it("are read all the same where they are rules, which decide on the others and on who may write", async () => {
    const root = await withPlans();
    const rules = ["rulebook.yaml", "rbac_policy.yaml", ...readdirSync(join(root, "rules")).map((name) => `rules/${name}`)];
    const { all, opened } = await index(root);
    expect([opened, all]).toEqual([[], expect.arrayContaining(rules)]);
  });

  it("are read when the configuration has changed, with --rebuild, and with a cache that is no cache", async () => {
    const root = await withPlans();
    const all = ["docs/a.md", "docs/b.md", "docs/c.md"];
    expect((await index(root, "--rebuild")).opened).toEqual(all);
    await index(root);
    expect((await index(root)).opened).toEqual([]);
    write(root, "gov.yaml", `${readFileSync(join(root, "gov.yaml"), "utf8")}# a line more\n`);
    expect((await index(root)).opened).toEqual(all);
    await settle();
    await index(root);
    expect((await index(root)).opened).toEqual([]);
    for (const text of ["", "{", "[]", "null", '{"key":1}']) {
      write(root, ".gov/cache/index-v1.json", text);
      expect((await index(root)).opened).toEqual(all);
      await expectWhole(root);
    }
  });
});
