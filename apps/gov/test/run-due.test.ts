import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { governed, places } from "./governed.ts";
import { commit, findingsOf, folder, gov, govWith, listing, type Run, write } from "./harness.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 10, 21, 9, 0, 0);

/** A root with a baseline of its routing, and whoever runs jobs in it on some day, with a key. */
async function scheduled(more: Readonly<Record<string, string>> = {}) {
  const root = governed();
  const keys = folder();
  await gov(root, "key", "new", join(keys, "ann.pem"), "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml");
  await gov(root, "route", "sync");
  commit(root);
  const env = { GOV_SIGNING_KEY: join(keys, "ann.pem"), ...more };
  const on = (days: number, ...argv: readonly string[]): Promise<Run> =>
    govWith({ env, clock: { now: () => start + days * day, monotonicMs: () => 0 } }, root, "run-due", ...argv);
  return { root, on };
}

const page = (more: string) => `---\nid: guide\nversion: 1.0.0\nstatus: approved\nkind: artifact\n${more}---\n\n# Guide\n`;
const kindsOf = (root: string) =>
  readFileSync(join(root, places.log), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { readonly kind: string }).kind);
const saysOf = (run: Run, task: string) =>
  (run.json()["tasks"] as readonly { readonly task: string; readonly says: string }[]).find((one) => one.task === task)?.says;

describe("gov run-due", () => {
  it("takes a signed snapshot, tells of reviews, and changes nothing the second time (PRO-09, PLN-10)", async () => {
    const { root, on } = await scheduled();
    write(root, "frameworks/guide.md", page("next_review: 2026-11-20\n"));
    commit(root, 1_700_000_100);
    const before = listing(root);
    expect((await on(0, "--dry-run")).out).toContain("would take one: there is none yet");
    expect(listing(root)).toEqual(before);
    const first = await on(0, "--format", "json");
    expect([first.code, findingsOf(first).map(({ code }) => code)]).toEqual([0, ["GATES_REVIEW_DUE"]]);
    expect(saysOf(first, "snapshot")).toBe("took snapshot 1: there is none yet");
    expect(kindsOf(root)).toEqual(["review.due"]);
    const after = listing(root);
    const second = await on(0, "--format", "json");
    expect(second.json()["tasks"]).toMatchObject([{ changed: 0 }, { changed: 0 }, { changed: 0 }, { changed: 0 }]);
    expect(listing(root)).toEqual(after);
  });

  it("takes the next snapshot when a day is over and something has changed, and lets go what the rules do not keep (PRO-01)", async () => {
    const { root, on } = await scheduled();
    const rules = join(root, "rules/promotion_rules.mdc");
    write(
      root,
      "rules/promotion_rules.mdc",
      readFileSync(rules, "utf8")
        .replace(/keep_last: \d+/, "keep_last: 1")
        .replace(/keep_for: \S+/, "keep_for: 30_days"),
    );
    commit(root, 1_700_000_100);
    expect(saysOf(await on(0, "--format", "json"), "snapshot")).toContain("took snapshot 1");
    expect(saysOf(await on(2, "--format", "json"), "snapshot")).toBe("not due: nothing has changed since the last");
    write(root, "frameworks/guide.md", page(""));
    commit(root, 1_700_000_200);
    expect(saysOf(await on(2, "--format", "json"), "snapshot")).toBe("took snapshot 2: the last is older than 24 h");
    expect(saysOf(await on(29, "--format", "json"), "retention")).toBe("every snapshot is to be kept");
    expect(saysOf(await on(31, "--format", "json"), "retention")).toBe("removed 1 of 1 snapshots whose time is over");
    expect((await gov(root, "snapshot", "list", "--format", "json")).json()["snapshots"]).toHaveLength(1);
    const after = listing(root);
    await on(31);
    expect(listing(root)).toEqual(after);
  });

  it("warns at 48 h, fails at 72 h after what a document describes has changed, and tells when it has caught up (GOV-19)", async () => {
    const { root, on } = await scheduled();
    const seconds = start / 1000;
    write(root, "frameworks/guide.md", page("describes: [../src/api.ts, ../src/absent]\n"));
    commit(root, seconds - 1000);
    write(root, "src/api.ts", "export const one = 1;\n");
    commit(root, seconds);
    const codes = async (days: number) => {
      const run = await on(days, "--format", "json");
      return [run.code, findingsOf(run).map(({ code, severity }) => `${code} ${severity}`)];
    };
    expect(await codes(2)).toEqual([0, []]);
    expect(await codes(2.5)).toEqual([0, ["GATES_DOCS_STALE warning"]]);
    expect(await codes(3.5)).toEqual([1, ["GATES_DOCS_STALE error"]]);
    write(root, "frameworks/guide.md", page("describes: ../src\n"));
    commit(root, seconds + 4 * 86_400);
    expect(await codes(5)).toEqual([0, []]);
    expect(kindsOf(root)).toEqual(["docs.stale", "docs.refreshed"]);
  });

  it("fails on drift beyond the threshold and never takes it over, and warns where no key signs (RTE-04)", async () => {
    const { root } = await scheduled();
    const run = await gov(root, "run-due", "--format", "json");
    expect(findingsOf(run).map(({ code }) => code)).toEqual(["CLI_SNAPSHOT_NOT_TAKEN"]);
    const baseline = readFileSync(join(root, "routing_effective.shadow.json"), "utf8");
    const routing = readFileSync(join(root, "rules/artifact_routing.mdc"), "utf8");
    write(root, "rules/artifact_routing.mdc", routing.replaceAll("backlogs/", "moved/"));
    commit(root, 1_700_000_100);
    const drifted = await gov(root, "run-due");
    expect([drifted.code, drifted.out.includes("the drift is beyond the threshold: sync by command")]).toEqual([1, true]);
    expect(readFileSync(join(root, "routing_effective.shadow.json"), "utf8")).toBe(baseline);
  });

  it("keeps snapshots and cache in MEMORY_STORAGE_ROOT, each root in a folder of its own (SCH-12)", async () => {
    const storage = folder();
    for (const count of [1, 2]) {
      const { root, on } = await scheduled({ MEMORY_STORAGE_ROOT: storage });
      expect((await on(0)).code).toBe(0);
      expect(existsSync(join(root, ".gov/store"))).toBe(false);
      const listed = await govWith({ env: { MEMORY_STORAGE_ROOT: storage } }, root, "snapshot", "list", "--format", "json");
      expect(listed.json()["snapshots"]).toHaveLength(1);
      expect((await gov(root, "snapshot", "list", "--format", "json")).json()["snapshots"]).toEqual([]);
      expect(readdirSync(storage)).toHaveLength(count);
    }
  });
});
