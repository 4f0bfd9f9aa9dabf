import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonValue, validateKind } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { findingsOf, folder, gov, govWith, listing, write } from "./harness.ts";

/** A root whose coverage is too low, with ann's key, who may approve waivers. */
async function withAnn(role = "planning_lead"): Promise<{ readonly root: string; readonly key: string }> {
  const root = governed(10);
  const key = join(folder(), "ann.pem");
  expect((await gov(root, "key", "new", key, "--person", "ann", "--role", role, "--policy", "trust_policy.yaml")).code).toBe(0);
  return { root, key };
}

const request = ["--path", places.coverage, "--reason", "Parser", "--ticket", "T-1", "--requested-by", "bob"];
const grant = (root: string, key: string, ...more: readonly string[]) =>
  govWith({ env: { GOV_SIGNING_KEY: key } }, root, "waiver", "grant", "GATES_COVERAGE_LOW", ...request, ...more);
const gate = (root: string, ...more: readonly string[]) => gov(root, "gate", cycle, "parity_coverage", ...more);
const database = (root: string) => JSON.parse(readFileSync(join(root, "waiver_db.json"), "utf8")) as JsonValue;

describe("gov waiver", () => {
  it("lets a gate through from its grant to its end or its revocation, whatever reads it, and blocks again after (GOV-10)", async () => {
    const { root, key } = await withAnn();
    expect((await gate(root)).code).toBe(1);
    const granted = await grant(root, key, "--expires", "2026-12-01");
    expect([granted.code, granted.out]).toEqual([0, expect.stringContaining("ann (planning_lead) granted W-1: GATES_COVERAGE_LOW")]);
    const waived = await gate(root);
    expect([waived.code, waived.out.includes("parity_coverage WAIVED"), waived.out.includes("waiver W-1 used")]).toEqual([0, true, true]);
    expect((await gate(root, "--format", "json")).json()).toMatchObject({ outcome: "WAIVED", waivers: [{ id: "W-1", state: "used" }] });
    expect((await gov(root, "waiver", "list")).out).toMatch(/W-1 +in force +GATES_COVERAGE_LOW/);
    expect([validateKind("waiver_db", database(root)), database(root)]).toMatchObject([
      [],
      { waivers: [{ id: "W-1", state: "in_force" }] },
    ]);
    const later = ["--as-of", "2026-12-01T00:00:00Z"];
    expect((await gate(root, ...later)).code).toBe(1);
    expect((await gov(root, "waiver", "list", ...later)).out).toContain("expired: it expired on 2026-12-01");
    expect((await gov(root, "waiver", "revoke", "W-1", "--reason", "Mended")).code).toBe(0);
    expect((await gate(root)).code).toBe(1);
    expect(database(root)).toMatchObject({ waivers: [] });
    const again = await gov(root, "waiver", "revoke", "W-1", "--reason", "Mended");
    expect([again.code, findingsOf(await gov(root, "waiver", "revoke", "W-1", "--reason", "x", "--format", "json"))[0]?.code]).toEqual([
      1,
      "GATES_WAIVER_INVALID",
    ]);
    expect((await gov(root, "audit", "verify")).code).toBe(0);
    expect((await gov(root, "check")).code).toBe(0);
  });

  it("refuses what the policy does not allow, before anything is recorded (GOV-11)", async () => {
    const { root, key } = await withAnn();
    const before = listing(root);
    for (const [more, problem] of [
      [["--expires", "2027-12-01"], "it lasts longer than the policy allows"],
      [["--expires", "2026-11-22", "--emergency"], "nobody other than bob signed it as on_call"],
      [["--expires", "2026-11-01", "--not-before", "2026-10-20"], "it expired on 2026-11-01"],
    ] as const) {
      const run = await grant(root, key, ...more);
      expect([run.code, run.out.includes(problem)]).toEqual([1, true]);
    }
    expect((await grant(root, key, "--expires", "2026-12-01", "--dry-run")).out).toContain("would grant W-1");
    expect((await gov(root, "waiver", "grant", "GATES_COVERAGE_LOW", ...request, "--expires", "2026-12-01")).err).toContain("CLI_NO_KEY");
    const posing = await gov(root, "waiver", "grant", "X", ...request, "--expires", "2026-12-01", "--key", key);
    expect([posing.code, posing.err.includes("cannot sign as ann")]).toEqual([6, true]);
    expect(listing(root)).toEqual(before);
    const guest = await withAnn("guest");
    expect((await grant(guest.root, guest.key, "--expires", "2026-12-01")).out).toContain(
      "nobody other than bob signed it as planning_lead",
    );
  });

  it("counts only what trusted keys signed: whoever the log merely names signed nothing (GOV-11)", async () => {
    const { root, key } = await withAnn();
    expect((await grant(root, key, "--expires", "2026-12-01")).code).toBe(0);
    const policy = readFileSync(join(root, "trust_policy.yaml"), "utf8");
    const stranger = join(folder(), "eve.pem");
    expect((await gov(root, "key", "new", stranger, "--person", "ann", "--role", "planning_lead", "--policy", "other.yaml")).code).toBe(0);
    write(root, "trust_policy.yaml", readFileSync(join(root, "other.yaml"), "utf8"));
    expect((await gov(root, "waiver", "list")).out).toContain("refused: nobody other than bob signed it as planning_lead");
    expect((await gate(root)).code).toBe(1);
    write(root, "trust_policy.yaml", policy);
    expect((await gate(root)).code).toBe(0);
  });

  it("imports the entries of .trivyignore.yaml as drafts (GOV-18)", async () => {
    const { root } = await withAnn();
    write(
      root,
      ".trivyignore.yaml",
      "vulnerabilities:\n  - { id: CVE-1, statement: Unreachable, expired_at: 2026-12-01, paths: [a.json] }\n",
    );
    expect((await gov(root, "waiver", "import", ".trivyignore.yaml")).out).toMatch(/CVE-1 +a\.json +2026-12-01 +Unreachable/);
  });
});

describe("a gate in hard_block", () => {
  it("is not let through by any waiver, in the environment's word or the log's (GOV-15)", async () => {
    const { root, key } = await withAnn();
    expect((await grant(root, key, "--expires", "2026-12-01")).code).toBe(0);
    const hard = await govWith({ env: { AI_ENFORCEMENT_MODE: "hard_block" } }, root, "gate", cycle, "parity_coverage");
    expect([hard.code, hard.out.includes("waiver W-1 refused: the mode is hard_block")]).toEqual([1, true]);
  });
});

describe("checkpoints", () => {
  it("are one for a gate that is run twice, and a failure without any is an alert (GAT-24)", async () => {
    const root = governed();
    const count = async () =>
      (await gov(root, "audit", "query", "--kind", "CHECKPOINT_CREATED")).out.match(/CHECKPOINT_CREATED/g)?.length ?? 0;
    const failing = await gov(governed(10), "gate", cycle, "parity_coverage", "--record");
    expect(failing.out).toContain("has no checkpoint to roll back to");
    expect((await gov(root, "gate", cycle, "parity_coverage", "--record")).out).toContain("1 entry recorded");
    const once = await count();
    expect((await gov(root, "gate", cycle, "parity_coverage", "--record")).out).not.toContain("recorded");
    expect([once > 0, await count()]).toEqual([true, once]);
    write(root, places.coverage, readFileSync(join(governed(10), places.coverage), "utf8"));
    const failed = await gov(root, "gate", cycle, "parity_coverage", "--record");
    expect([failed.code, failed.out.includes("has no checkpoint")]).toEqual([1, false]);
  });
});
