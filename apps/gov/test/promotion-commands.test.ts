import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { advance, cycle, governed, places, toPackaged } from "./governed.ts";
import { folder, gov, write } from "./harness.ts";

/** A root whose cycle is sealed, by somebody else than who signed it, and the key that did. */
async function sealed(...more: readonly string[]): Promise<{ readonly root: string; readonly key: string; readonly staging: string }> {
  const root = governed();
  const keys = folder();
  const key = join(keys, "ann.pem");
  await gov(root, "key", "new", key, "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml");
  await advance(root, ...toPackaged);
  const run = await gov(root, "manifest", "seal", cycle, "--key", key, ...more);
  expect([run.err, run.code]).toEqual(["", 0]);
  return { root, key, staging: join(keys, "staging") };
}

const promote = (site: { readonly root: string; readonly key: string; readonly staging: string }, ...more: readonly string[]) =>
  gov(
    site.root,
    ...["promotion", "run", places.manifest, "--to", "staging", "--into", site.staging, "--run", "p-1", "--key", site.key],
    ...more,
  );

describe("gov promotion", () => {
  it("refuses a freeze that can be none as a wrong command line, and freezes nothing by it (PRO-03)", async () => {
    const root = governed();
    const freeze = (name: string, until = "2030-01-01T00:00:00Z") =>
      gov(root, "promotion", "freeze", name, "--reason", "Audit", "--until", until);
    expect((await freeze("audit")).code).toBe(0);
    expect((await gov(root, "promotion", "unfreeze", "audit")).code).toBe(0);
    const dry = await gov(root, "promotion", "freeze", "audit", "--reason", "Audit", "--until", "2030-01-01T00:00:00Z", "--dry-run");
    for (const run of [dry, await freeze("audit"), await freeze("other", "tomorrow"), await freeze(" ")]) {
      expect([run.code, run.out, run.err.includes("CLI_USAGE"), run.err.includes("defect")]).toEqual([2, "", true, false]);
      expect(run.err).toContain("→ such as gov promotion freeze audit-2 ");
    }
    expect((await freeze("audit")).err).toContain('a freeze named "audit" was lifted already, so this one needs a name of its own');
    expect((await gov(root, "promotion", "status")).out).toContain("Promotions are open");
  });

  it("says in a dry run of a freeze and of its end what the run itself would say, and tells the log of neither (PRO-03)", async () => {
    const root = governed();
    const status = async () => (await gov(root, "promotion", "status")).out;
    const freeze = ["promotion", "freeze", "audit", "--reason", "Audit", "--until", "2030-01-01T00:00:00Z"];
    expect((await gov(root, ...freeze, "--dry-run")).out).toContain("Would freeze promotions: audit, Audit");
    expect(await status()).toContain("Promotions are open");
    const unfreeze = ["promotion", "unfreeze", "audit"];
    for (const flags of [["--dry-run"], []]) {
      const unknown = await gov(root, ...unfreeze, ...flags);
      expect([unknown.code, unknown.out, unknown.err]).toEqual([3, "", expect.stringContaining("MANIFEST_FREEZE_UNKNOWN")]);
    }
    await gov(root, ...freeze);
    expect((await gov(root, ...unfreeze, "--dry-run")).out).toContain("Would lift the freeze audit");
    expect(await status()).toContain("Promotions are frozen by audit");
    write(root, "rulebook.yaml", `${readFileSync(join(root, "rulebook.yaml"), "utf8")}nonsense: true\n`);
    for (const flags of [["--dry-run"], []]) expect((await gov(root, ...unfreeze, ...flags)).code).not.toBe(0);
    expect(await status()).toContain("Promotions are frozen by audit");
  });

  it("takes a manifest from draft to approved and into its first environment, frozen until it is said to be well (PRO-01, PRO-03)", async () => {
    const site = await sealed();
    const { root, staging } = site;
    // Nothing that nobody approved, and no step left out.
    expect([(await promote(site, "--dry-run")).code, (await promote(site)).out]).toEqual([
      1,
      expect.stringContaining("MANIFEST_NOT_APPROVED"),
    ]);
    expect((await gov(root, "promotion", "approve", places.manifest, "--actor", "ann")).out).toContain("MANIFEST_STATUS_ORDER");
    expect((await gov(root, "promotion", "review", places.manifest)).code).toBe(0);
    expect((await gov(root, "promotion", "approve", places.manifest, "--actor", "ann", "--dry-run")).out).toContain(
      "would become approved",
    );
    expect((await gov(root, "promotion", "approve", places.manifest, "--actor", "ann")).out).toContain("is now approved, after review");
    expect((await promote(site, "--to", "production")).out).toContain("MANIFEST_ENVIRONMENT_SKIPPED");
    expect((await promote(site, "--dry-run")).out).toContain("Would promote");
    expect(existsSync(staging)).toBe(false);
    const stopped = await promote(site);
    expect([stopped.code === 0, stopped.err]).toEqual([false, expect.stringContaining("verify_health")]);
    expect((await gov(root, "promotion", "status")).out).toContain("Promotions are frozen by p-1");
    const run = await promote(site, "--healthy");
    expect([run.code, run.out]).toEqual([0, expect.stringContaining("stands in staging, promotions are open")]);
    expect(readFileSync(join(staging, places.backlog), "utf8")).toBe(readFileSync(join(root, places.backlog), "utf8"));
    expect((await gov(root, "promotion", "status")).out).toMatch(/staging +sha256:/);
    // Production has to wait until it has stood there for a day.
    expect((await promote(site, "--to", "production", "--run", "p-2")).out).toContain("MANIFEST_ENVIRONMENT_SOAKING");
  });

  it("counts nobody as an approver of what they made themselves", async () => {
    const { root } = await sealed("--actor", "ann");
    expect((await gov(root, "promotion", "review", places.manifest)).code).toBe(0);
    expect((await gov(root, "promotion", "approve", places.manifest)).out).toContain("MANIFEST_APPROVAL_MISSING");
    expect((await gov(root, "promotion", "approve", places.manifest, "--actor", "ann")).code).toBe(6);
  });

  it("promotes nothing that does not verify, and says what it needs", async () => {
    const { root } = await sealed();
    write(root, places.storyMap, "changed\n");
    expect((await gov(root, "promotion", "review", places.manifest)).err).toContain("MANIFEST_VERIFICATION_FAILED");
    expect((await gov(root, "promotion", "review")).code).toBe(2);
  });
});

describe("gov playbook run --environment", () => {
  it("brings an environment back to what stood there before a promotion that went wrong (PRO-02, PRO-03)", async () => {
    const site = await sealed();
    const { root, staging } = site;
    for (const verb of ["review", "approve"]) await gov(root, "promotion", verb, places.manifest, "--actor", "ann");
    expect((await promote(site, "--healthy")).code).toBe(0);
    // The same once more, and what it placed is broken before anybody has seen that it is well.
    expect((await promote(site, "--run", "p-2")).err).toContain("verify_health");
    write(staging, places.backlog, "broken\n");
    const roll = ["playbook", "run", "--run", "r-1", "--environment", "staging", "--into", staging, "--supersedes", "p-2"];
    expect((await gov(root, ...roll)).code).toBe(2);
    expect((await gov(root, ...roll, "--trigger", "boredom")).code).toBe(2);
    expect((await gov(root, ...roll.slice(0, -4), "--trigger", "slo_breach")).code).toBe(2);
    expect((await gov(root, ...roll, "--trigger", "slo_breach", "--dry-run")).out).toContain("1. freeze");
    const rolled = await gov(root, ...roll, "--trigger", "slo_breach");
    expect([rolled.err, rolled.out]).toEqual(["", expect.stringContaining("Rollback r-1 has ended")]);
    expect(readFileSync(join(staging, places.backlog), "utf8")).toBe(readFileSync(join(root, places.backlog), "utf8"));
    expect((await gov(root, "promotion", "status")).out).toContain("Promotions are open");
  });
});

describe("gov manifest cosign", () => {
  it("adds a person who signs later, so that what needs two is approved; never to what has changed (MAN-12)", async () => {
    const { root, key } = await sealed("--actor", "ann");
    const ben = join(key, "../ben.pem");
    await gov(root, "key", "new", ben, "--person", "ben", "--role", "reviewer");
    expect((await gov(root, "key", "trust", `${ben}.pub`, "--person", "ben", "--role", "reviewer")).code).toBe(0);
    await gov(root, "promotion", "review", places.manifest);
    const dry = await gov(root, "manifest", "cosign", places.manifest, "--key", ben, "--dry-run");
    expect(dry.out).toContain("would carry 2 signatures");
    expect((await gov(root, "promotion", "approve", places.manifest)).out).toContain("MANIFEST_APPROVAL_MISSING");
    expect((await gov(root, "manifest", "cosign", places.manifest, "--key", ben)).out).toContain("carries 2 signatures");
    expect((await gov(root, "manifest", "verify")).out).toContain("ben (reviewer)");
    expect((await gov(root, "promotion", "approve", places.manifest)).out).toContain("is now approved");
    write(root, places.storyMap, "changed\n");
    expect((await gov(root, "manifest", "cosign", places.manifest, "--key", ben)).err).toContain("MANIFEST_VERIFICATION_FAILED");
  });
});

describe("gov manifest seal --supersedes", () => {
  it("seals the next link of the chain, which has to be of another cycle (MAN-08)", async () => {
    const { root, key } = await sealed();
    const again = await gov(root, "manifest", "seal", cycle, "--key", key, "--supersedes", places.manifest, "--dry-run");
    expect([again.code, again.out]).toEqual([1, expect.stringContaining("MANIFEST_SUCCESSOR_UNCHANGED")]);
    const none = await gov(root, "manifest", "seal", cycle, "--key", key, "--supersedes", "frameworks/none.yaml");
    expect([none.code, none.err]).toEqual([3, expect.stringContaining("CLI_MANIFEST_UNREADABLE")]);
  });
});
