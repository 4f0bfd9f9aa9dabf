import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { commit, findingsOf, folder, gov, govWith, write } from "./harness.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 21, 9);

/** A root with a key that the trust policy trusts, and calls at other hours. */
async function signing() {
  const root = governed();
  const keys = folder();
  const key = join(keys, "ann.pem");
  await gov(root, "key", "new", key, "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml");
  const later = (hours: number, ...argv: readonly string[]) =>
    govWith({ clock: { now: () => start + hours * hour, monotonicMs: () => 0 }, env: { GOV_SIGNING_KEY: key } }, root, ...argv);
  commit(root, start / 1000 - 60);
  return { root, key, keys, later };
}

describe("gov seal", () => {
  it("goes on with a seal that was interrupted before its envelope, and with no other (MAN-08)", async () => {
    const { root, later } = await signing();
    expect((await later(0, "seal", cycle)).code).toBe(0);
    const [manifest, envelope] = [places.manifest, `${places.manifest}.dsse.json`].map((path) => join(root, path)) as [string, string];
    const before = [manifest, envelope].map((path) => readFileSync(path, "utf8"));
    rmSync(envelope);
    commit(root, start / 1000 + 60);
    expect((await later(1, "verify")).code).toBe(5);
    expect((await later(2, "seal", cycle)).code).toBe(0);
    expect([manifest, envelope].map((path) => readFileSync(path, "utf8"))).toEqual(before);
    rmSync(envelope);
    write(root, places.storyMap, `${readFileSync(join(root, places.storyMap), "utf8")}\n`);
    commit(root, start / 1000 + 120);
    const other = await later(3, "seal", cycle);
    expect([other.code, other.err.includes("MANIFEST_ALREADY_SEALED")]).toEqual([3, true]);
  });

  it("makes the dry run that a preset asks for before the handoff, of the documents as they stand (GAT-25)", async () => {
    const root = folder();
    await gov(root, "init", "--yes", "--preset", "fe", "--cycle", "PLN-FE-1");
    commit(root);
    const gate = await gov(root, "gate", "PLN-FE-1", "handoff_dry_run", "--format", "json");
    expect([gate.code, findingsOf(gate)]).toEqual([0, []]);
  });
});

describe("gov verify", () => {
  it("proves what a key sealed before it was rotated, and nothing that it seals afterwards (MAN-08)", async () => {
    const { root, keys, later } = await signing();
    expect((await later(0, "seal", cycle)).code).toBe(0);
    commit(root, start / 1000 + 60);
    expect((await later(1, "key", "rotate", join(keys, "new.pem"), "--person", "ann")).code).toBe(0);
    expect((await later(2, "verify")).code).toBe(0);
    // What the old key signs now is committed too late, whatever time it gives itself.
    for (const path of [places.manifest, `${places.manifest}.dsse.json`]) rmSync(join(root, path));
    commit(root, start / 1000 + 2 * 3600);
    expect((await later(0.5, "seal", cycle)).code).toBe(0);
    commit(root, start / 1000 + 3 * 3600);
    const late = await later(4, "verify", "--format", "json");
    expect([late.code, findingsOf(late).map(({ code }) => code)]).toEqual([5, expect.arrayContaining(["MANIFEST_KEY_NOT_VALID_THEN"])]);
  });
});

describe("gov verify --all", () => {
  it("verifies manifests, log, cycles, snapshots and index in one command, and names what is broken of each (TEL-06, MAN-08)", async () => {
    const { root, later } = await signing();
    await later(0, "cycle", cycle, "create_plan");
    expect((await later(0, "seal", cycle)).code).toBe(0);
    await later(0, "snapshot", "take");
    await later(0, "index");
    commit(root, start / 1000 + 60);
    const whole = await later(1, "verify", "--all");
    expect([whole.code, whole.out]).toEqual([0, expect.stringContaining("snapshots: 1, 1 of them signed")]);
    for (const line of ["log: 1 entries", "cycles: 1, 0 of them complete", "restore: none was cut short", "index: up to date"])
      expect(whole.out).toContain(line);

    const broken = async (path: string, text: string) => {
      const before = readFileSync(join(root, path));
      write(root, path, text);
      const run = await later(1, "verify", "--all", "--format", "json");
      write(root, path, before);
      return [run.code, findingsOf(run).filter(({ severity }) => severity === "error")[0]?.code];
    };
    const log = readFileSync(join(root, places.log), "utf8");
    expect((await broken(places.log, log.replace("PLAN_CREATED", "PLAN_CREATEX")))[0]).toBe(5);
    expect(await broken("artifacts_index.json", "{")).toEqual([5, "CLI_INDEX_DAMAGED"]);
    expect((await broken(places.storyMap, "x"))[0]).toBe(5);
    const objects = join(root, ".gov/store/objects");
    const [first = ""] = readdirSync(objects, { recursive: true, encoding: "utf8" }).filter((name) => /\/[0-9a-f]{62}$/.test(name));
    expect((await broken(`.gov/store/objects/${first}`, "x"))[0]).toBe(5);
    expect((await later(1, "verify", "--all")).code).toBe(0);
  });
});
