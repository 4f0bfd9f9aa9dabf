import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { advance, cycle, governed, places, toPackaged } from "./governed.ts";
import { folder, gov, govWith } from "./harness.ts";

/** Puts a link to a folder where another folder of a root would stand. */
function link(root: string, path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path));
}

describe("what is written where a route says", () => {
  it("stays inside the root: a link that leads out of it, or nowhere, is refused, and one that stays inside is followed (RTE-05)", async () => {
    for (const [target, code] of [
      [folder(), 3],
      ["/nowhere/at/all", 3],
      ["../../kept", 0],
    ] as const) {
      const root = governed();
      mkdirSync(join(root, "kept"));
      link(root, dirname(places.digest), target);
      const run = await gov(root, "digest", cycle, "--write", "--actor", "ann");
      expect([run.code, run.err.includes("CLI_OUTSIDE_ROOT")]).toEqual([code, code === 3]);
      expect(readdirSync(join(root, "kept")).length).toBe(code === 3 ? 0 : 2);
      if (target.startsWith("/") && target !== "/nowhere/at/all") expect(readdirSync(target)).toEqual([]);
    }
  });

  it("seals no cycle, records no deviation and begins no cycle outside the root (RTE-05)", async () => {
    const [root, outside, keys] = [governed(), folder(), folder()];
    link(root, dirname(places.manifest), outside);
    link(root, dirname(places.changeLog), outside);
    const key = join(keys, "ann.pem");
    const made = ["--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml"];
    expect((await gov(root, "key", "new", key, ...made)).code).toBe(0);
    await advance(root, ...toPackaged);
    const log = ["deviation", cycle, "--task", "PLN-BE-001", "--description", "Rebuilt", "--file", places.changeLog];
    for (const argv of [["seal", cycle, "--key", key], log]) {
      const run = await govWith({ env: { GOV_SIGNING_KEY: key } }, root, ...argv);
      expect([argv[0], run.code, run.err.includes("CLI_OUTSIDE_ROOT")]).toEqual([argv[0], 3, true]);
    }
    const fresh = folder();
    link(fresh, "frameworks", outside);
    expect((await gov(fresh, "init", "--yes", "--preset", "be", "--cycle", cycle)).err).toContain("CLI_OUTSIDE_ROOT");
    expect(readdirSync(outside)).toEqual([]);
  });
});
