import { modeRules } from "@gov/atomic-io/modes";
import { presetNames, presets } from "@gov/schema/presets";
import { alertsWithThresholds, shippedAlerts } from "@gov/telemetry/alerts";
import { shippedSlos } from "@gov/telemetry/performance";
import { describe, expect, it } from "vitest";
import { findingsOf, folder, gov, govWith, write } from "./harness.ts";

const rulebook = (thresholds: string) =>
  `version: "1"\nmetadata: { id: rulebook, version: 1.0.0, status: approved, kind: rulebook }\n${thresholds}`;
const rootWith = (thresholds: string) => folder({ "gov.yaml": "version: 1\n", "rulebook.yaml": rulebook(thresholds) });

describe("thresholds", () => {
  it("are the same wherever a package has a default of its own (B-42)", () => {
    for (const { thresholds } of presetNames.map((name) => presets[name])) {
      expect(modeRules.enter.bridge.cleanDays).toBe(thresholds.cleanDaysBeforeBridge);
      expect(shippedSlos.mttr.within).toBe(`${thresholds.meanTimeToRecoverHours}h`);
      expect(alertsWithThresholds(thresholds)).toEqual(shippedAlerts);
    }
  });

  it("of the rulebook decide when gov doctor finds the disk too full (AIO-10)", async () => {
    const lookAt = async (root: string, freeBytes: number) => {
      const space = async () => ({ type: 0, totalBytes: 1000 << 20, freeBytes });
      const run = await govWith({ space }, root, "doctor", "--format", "json");
      const examined = run.json()["examined"] as readonly { readonly name: string; readonly mark: string; readonly says: string }[];
      return { run, disk: examined.find(({ name }) => name === "disk") };
    };
    const usual = rootWith("");
    expect((await lookAt(usual, 100 << 20)).disk).toMatchObject({ mark: "pass", says: "100 MiB free, 10 % are asked for" });
    const { run, disk } = await lookAt(usual, 99 << 20);
    expect(disk?.mark).toBe("warn");
    expect(findingsOf(run).find(({ message }) => message.startsWith("disk: "))?.message).toContain(`${99 << 20} bytes free`);
    expect((await lookAt(rootWith("thresholds: { minimum_free_space_percent: 5 }\n"), 99 << 20)).disk?.mark).toBe("pass");
  });

  it("of the rulebook stand in the alert rules; outside of every root the defaults do (ALR-12, AIO-12)", async () => {
    const outside = await gov(folder(), "alerts");
    expect(outside.out).toContain("gov_disk_used_ratio > 0.9");
    expect(outside.out).toContain("increase(gov_lock_contention_total[1h]) > 60");
    const root = rootWith("thresholds: { minimum_free_space_percent: 5, lock_contention_per_hour: 7 }\n");
    for (const run of [await gov(root, "alerts"), await gov(folder(), "alerts", "--root", root)]) {
      expect(run.out).toContain("gov_disk_used_ratio > 0.95");
      expect(run.out).toContain("increase(gov_lock_contention_total[1h]) > 7");
    }
    expect((await gov(folder(), "alerts", "--root", folder())).code).toBe(3);
    expect((await gov(rootWith("thresholds: { lock_contention_per_hour: many }\n"), "alerts")).code).toBe(3);
  });

  it("of the rulebook decide how soon an incident must be over (MET-08)", async () => {
    const incident = { began: "2026-11-18T00:00:00Z", detected: "2026-11-18T01:00:00Z", recovered: "2026-11-18T03:00:00Z" };
    const recoveryOf = async (root: string) => {
      write(root, "incidents.json", JSON.stringify([incident]));
      const run = await gov(root, "perf", "--incidents", "incidents.json");
      return [run.code, /of .* h promised/.exec(run.out)?.[0]];
    };
    expect(await recoveryOf(folder())).toEqual([0, "of 24 h promised"]);
    expect(await recoveryOf(rootWith("thresholds: { mean_time_to_recover_hours: 2.5 }\n"))).toEqual([1, "of 2.5 h promised"]);
  });
});
