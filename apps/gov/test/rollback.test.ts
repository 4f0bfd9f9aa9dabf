import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { governed, places } from "./governed.ts";
import { findingsOf, folder, gov, govWith, worldIn, write } from "./harness.ts";

async function withSnapshot(): Promise<string> {
  const root = governed();
  const keys = folder();
  await gov(root, "key", "new", join(keys, "ann.pem"), "--person", "ann", "--role", "lead", "--policy", "trust_policy.yaml");
  const taken = await gov(root, "snapshot", "take", "--trigger", "gate", "--key", join(keys, "ann.pem"));
  expect(taken.code).toBe(0);
  return root;
}

describe("gov playbook run", () => {
  it("brings a document back, and keeps promotions frozen until everything has passed (PRO-03, PRO-08, PRO-11, LIF-22)", async () => {
    const root = await withSnapshot();
    const path = join(root, places.storyMap);
    const before = readFileSync(path, "utf8");
    write(root, places.storyMap, `${before}\nbroken\n`);
    // The runners were not stopped, so the playbook stops there.
    const stopped = await gov(root, "playbook", "run", "pipeline", "--run", "r-1");
    expect([stopped.code === 0, stopped.err]).toEqual([false, expect.stringContaining("MANIFEST_PLAYBOOK_STEP_FAILED")]);
    expect((await gov(root, "promotion", "status")).out).toContain("Promotions are frozen by r-1");
    const other = await gov(root, "playbook", "run", "promotion", "--run", "r-2");
    expect(other.err).toContain("MANIFEST_PROMOTION_FROZEN");
    expect(readFileSync(path, "utf8")).not.toBe(before);
    const resumed = await gov(root, "playbook", "run", "pipeline", "--run", "r-1", "--quiesced", "--healthy");
    expect([resumed.code, resumed.out]).toEqual([0, expect.stringContaining("Rollback r-1 has ended")]);
    expect(readFileSync(path, "utf8")).toBe(before);
    expect((await gov(root, "promotion", "status")).out).toContain("Promotions are open");
  });

  it("restores nothing without a signed snapshot (PRO-04)", async () => {
    const root = await withSnapshot();
    expect((await gov(root, "snapshot", "take")).out).toContain("nobody has signed");
    const refused = await gov(root, "playbook", "run", "promotion", "--run", "r-1");
    expect(refused.err).toContain("MANIFEST_SNAPSHOT_REFUSED");
    expect((await gov(root, "dr", "rehearse", folder())).err).toContain("MANIFEST_SNAPSHOT_REFUSED");
  });

  it("goes back even after the store was lost, once it was repaired from its backup (MAN-14)", async () => {
    const root = await withSnapshot();
    const path = join(root, places.storyMap);
    const before = readFileSync(path, "utf8");
    const backup = folder();
    expect((await gov(root, "snapshot", "backup", backup)).code).toBe(0);
    rmSync(join(root, ".gov/store"), { recursive: true });
    write(root, places.storyMap, `${before}\nbroken\n`);
    expect((await gov(root, "dr", "rehearse", folder())).err).toContain("MANIFEST_SNAPSHOT_MISSING");
    expect((await gov(root, "snapshot", "repair", backup)).out).toMatch(/Brought back (\d+) of \1 objects and 1 snapshots/);
    expect((await gov(root, "playbook", "run", "promotion", "--run", "r-1")).code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(before);
    // Damage is told, and not copied.
    const object = join(root, ".gov/store/objects", digestBytes(before).slice(7, 9), digestBytes(before).slice(9));
    writeFileSync(object, "damaged");
    const told = await gov(root, "snapshot", "backup", backup);
    expect([told.code, told.out]).toEqual([5, expect.stringContaining("1 objects are damaged")]);
    expect((await gov(root, "snapshot", "repair", backup)).out).toContain("Brought back 1 of");
  });

  it("shows the steps of a playbook and runs none in a dry run, whoever wrote it", async () => {
    const root = await withSnapshot();
    const shown = await gov(root, "playbook", "run", "promotion", "--run", "r-1", "--dry-run");
    expect(shown.out).toContain("1. freeze");
    write(root, "bad.yaml", "name: x\n");
    expect((await gov(root, "playbook", "run", "bad.yaml", "--run", "r-1")).code).toBe(3);
    expect((await gov(root, "promotion", "status")).out).toContain("Promotions are open");
  });
});

describe("gov dr rehearse", () => {
  const hourMs = 3_600_000;
  const rulebook = (thresholds: string) =>
    `version: "1"\nmetadata: { id: rulebook, version: 1.0.0, status: approved, kind: rulebook }\nthresholds: { ${thresholds} }\n`;

  it("fails when the recovery takes longer, or loses more, than the rulebook promises (PRO-09, B-42, D-12)", async () => {
    const root = await withSnapshot();
    const taken = worldIn(root).clock.now();
    const rehearse = async ({ tookHours, laterHours = 0 }: { readonly tookHours: number; readonly laterHours?: number }) => {
      let elapsed = 0;
      // Every look at the clock is as long after the one before as the whole recovery should take at least.
      const clock = { now: () => taken + laterHours * hourMs, monotonicMs: () => (elapsed += tookHours * hourMs) };
      const run = await govWith({ clock }, root, "dr", "rehearse", folder(), "--format", "json");
      return [run.code, ...findingsOf(run).map(({ code, severity }) => `${severity} ${code}`)];
    };
    expect(await rehearse({ tookHours: 0 })).toEqual([0]);
    expect(await rehearse({ tookHours: 4.5 })).toEqual([1, "error MANIFEST_RECOVERY_TIME_MISSED"]);
    expect(await rehearse({ tookHours: 0, laterHours: 25 })).toEqual([1, "error MANIFEST_RECOVERY_POINT_MISSED"]);
    write(root, "rulebook.yaml", rulebook("recovery_point_hours: 48, recovery_time_hours: 1000"));
    expect(await rehearse({ tookHours: 4.5, laterHours: 25 })).toEqual([0]);
    write(root, "rulebook.yaml", rulebook("recovery_point_hours: 1, recovery_time_hours: 0.5"));
    expect(await rehearse({ tookHours: 0.6, laterHours: 2 })).toEqual([
      1,
      "error MANIFEST_RECOVERY_POINT_MISSED",
      "error MANIFEST_RECOVERY_TIME_MISSED",
    ]);
  });
});
