import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { commit, findingsOf, gov, govWith, listing, type Run, write } from "./harness.ts";

const routing = "rules/artifact_routing.mdc";
const hydrationRules = "rules/hydration_rules.mdc";
const read = (root: string, path: string) => readFileSync(join(root, path), "utf8");
const change = (root: string, path: string, edit: (text: string) => string) => write(root, path, edit(read(root, path)));
const route = (id: string, kind: string, to: string) => `    - { id: ${id}, match: { kind: ${kind} }, to: "${to}", precedence: 10 }\n`;
const addRoutes =
  (...routes: readonly string[]) =>
  (text: string) =>
    text.replace("  overrides: []", `${routes.join("")}  overrides: []`).replace("version: 1.0.0", "version: 1.1.0");
const rival = route("rival", "be_backlog", "elsewhere/{cycle_id}.yaml");
const notes = route("notes", "note", "notes/{id}.md");

interface Reapplied {
  readonly step: string;
  readonly plan: { readonly steps: readonly { readonly change: { readonly name: string }; readonly verdict: string }[] };
}

function reapplied(run: Run): readonly (readonly [string, string])[] {
  const steps = run.json()["steps"] as readonly Reapplied[];
  const last = steps.find(({ step }) => step === "reapply");
  return last?.plan.steps.map(({ change: { name }, verdict }) => [name, verdict] as const) ?? [];
}

describe("gov route rollback", () => {
  it("plans the way back from conflicting routes and writes nothing; --write follows it and keeps what was not at fault (RTE-03)", async () => {
    const root = governed();
    const before = read(root, routing);
    change(root, routing, addRoutes(rival, notes));
    change(root, hydrationRules, (text) => text.replace("uncommitted: oldest", "uncommitted: newest"));
    const conflicting = listing(root);
    const plan = await gov(root, "route", "rollback", "--format", "json");
    expect(plan.code).toBe(1);
    expect(plan.json()).toMatchObject({
      outcome: "planned",
      cause: [{ code: "HYDRATION_ROUTE_CONFLICT" }],
      files: [
        { step: "revert", path: routing },
        { step: "revert", path: hydrationRules },
        { step: "reapply", path: routing },
        { step: "reapply", path: hydrationRules },
      ],
      written: false,
    });
    expect(reapplied(plan)).toEqual([
      ["hydration", "apply"],
      ["notes", "apply"],
      ["rival", "refuse"],
    ]);
    expect(listing(root)).toEqual(conflicting);
    const text = await gov(root, "route", "rollback");
    expect(text.out).toContain("leave out: route rival, ");
    expect(text.out).toContain("dry run: 11 documents selected, 0 unresolved, 0 errors");

    const written = await gov(root, "route", "rollback", "--write");
    expect([written.code, written.err]).toEqual([0, ""]);
    expect((await gov(root, "route", "check")).code).toBe(0);
    expect(read(root, routing)).toContain("notes/{id}.md");
    expect(read(root, routing)).not.toContain("rival");
    expect(read(root, routing).split("---")[2]).toBe(before.split("---")[2]);
    expect(read(root, hydrationRules)).toContain("uncommitted: newest");
    const second = listing(root);
    expect((await gov(root, "route", "rollback", "--write")).out).toContain("nothing to roll back");
    expect(listing(root)).toEqual(second);
  });

  it("passes over commits whose rules are not sound, back to the newest that are (RTE-03)", async () => {
    const root = governed();
    change(root, routing, addRoutes(notes));
    commit(root, 1_700_000_100);
    const good = read(root, routing);
    change(root, routing, addRoutes(rival));
    commit(root, 1_700_000_200);
    change(root, routing, (text) => text.replace("planning-be/digests/", "../digests/"));
    commit(root, 1_700_000_300);
    const run = await gov(root, "route", "rollback", "--write", "--format", "json");
    expect(run.code).toBe(0);
    expect(run.json()["to"]).toMatchObject({ version: expect.stringMatching(/^1\.1\.0 \([0-9a-f]{12}\)$/) });
    expect(read(root, routing)).toBe(good);
  });

  it.each([
    ["that its schema does not accept", (text: string) => text.replace("precedence: 10", "precedence: high")],
    ["that cannot be read", (text: string) => text.replace("spec:", "spec: [")],
  ])("leads back from a rule document %s (RTE-03)", async (_name, edit) => {
    const root = governed();
    const good = read(root, routing);
    change(root, routing, edit);
    expect((await gov(root, "route", "rollback", "--format", "json")).json()).toMatchObject({ outcome: "planned", written: false });
    const run = await gov(root, "route", "rollback", "--write", "--format", "json");
    expect([run.code, run.json()["files"]]).toEqual([0, [{ step: "revert", path: routing }]]);
    expect(read(root, routing)).toBe(good);
    expect((await gov(root, "check")).code).toBe(0);
  });

  it("gives a rule document back byte for byte, in whatever Unicode form its name is, and makes no second one (RTE-03)", async () => {
    const root = governed();
    const named = "rules/artifact_ro\u0308uting.mdc";
    const good = `\ufeff${read(root, routing)}`;
    write(root, named, good);
    rmSync(join(root, routing));
    commit(root, 1_700_000_100);
    change(root, named, (text) => text.replace("precedence: 10", "precedence: high"));
    const before = readdirSync(join(root, "rules"));
    const run = await gov(root, "route", "rollback", "--write", "--format", "json");
    expect([run.code, run.json()["written"]]).toEqual([0, true]);
    expect(read(root, named)).toBe(good);
    expect(readdirSync(join(root, "rules"))).toEqual(before);
  });

  it("writes each rule document once, as it is to be in the end, so that no failure loses what is kept (RTE-03)", async () => {
    const root = governed();
    change(root, routing, addRoutes(rival, notes));
    change(root, hydrationRules, (text) => text.replace("uncommitted: oldest", "uncommitted: newest"));
    const renamed: string[] = [];
    const rename: FileSystem["rename"] = async (from, to) => {
      if (to.startsWith(join(root, "rules"))) renamed.push(to.slice(root.length + 1));
      if (renamed.length > 1) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      return nodeFileSystem.rename(from, to);
    };
    const run = await govWith({ fs: { ...nodeFileSystem, rename } }, root, "route", "rollback", "--write");
    expect([run.code, renamed]).toEqual([0, [routing]]);
    expect(read(root, routing)).toContain("notes/{id}.md");
    expect(read(root, routing)).not.toContain("rival");
  });

  it("reverts the schema version with the rules when documents fail it (RTE-03)", async () => {
    const root = governed();
    const schema = "rules/artifact_schema.mdc";
    const good = read(root, schema);
    change(root, schema, (text) => text.replace("version: 1.0.0", "version: 2.0.0"));
    change(root, places.backlog, (text) => text.replace("version:", "version: []\nx_was:"));
    const run = await gov(root, "route", "rollback", "--write", "--format", "json");
    expect(run.json()).toMatchObject({ outcome: "planned", files: [{ step: "revert", path: schema }], written: true });
    expect(read(root, schema)).toBe(good);
  });

  it("says that it is impossible without a sound version, and writes nothing", async () => {
    const root = governed();
    rmSync(join(root, ".git"), { recursive: true });
    change(root, routing, addRoutes(rival));
    const before = listing(root);
    const run = await gov(root, "route", "rollback", "--write", "--format", "json");
    expect([run.code, run.json()["outcome"], findingsOf(run).map(({ code }) => code)]).toEqual([
      1,
      "impossible",
      ["HYDRATION_ROUTE_CONFLICT", "HYDRATION_ROLLBACK_IMPOSSIBLE"],
    ]);
    expect(listing(root)).toEqual(before);
  });

  it("leaves a sound root alone", async () => {
    const root = governed();
    const before = listing(root);
    expect((await gov(root, "route", "rollback", "--write", "--format", "json")).json()).toMatchObject({
      ok: true,
      outcome: "not_needed",
      to: null,
      files: [],
    });
    expect((await gov(root, "gate", cycle)).out).toContain("parity_coverage");
    expect(listing(root)).toEqual(before);
  });

  it("ends a conflict by the commands of the runbook, in their order and with their exit codes (RTE-02, RTE-03, RTE-04)", async () => {
    const runbook = readFileSync(new URL("../../../docs/runbooks/routing-conflict.md", import.meta.url), "utf8");
    const commands = [...runbook.matchAll(/^ *\$ gov ([^#\n]*?) *# exit (\d)(?:: (\w+))?$/gm)];
    expect(commands).toHaveLength(7);
    const root = governed();
    change(root, routing, addRoutes(rival, notes));
    for (const [, argv = "", code, shows = ""] of commands) {
      const run = await gov(root, ...argv.split(" "), "--format", "json");
      expect([argv, run.code]).toEqual([argv, Number(code)]);
      expect(run.out).toContain(shows);
    }
  });
});
