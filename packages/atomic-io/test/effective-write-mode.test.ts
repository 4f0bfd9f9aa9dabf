import { effectiveWriteMode, writeModes } from "@gov/atomic-io/modes";
import { describe, expect, it } from "vitest";

describe("effectiveWriteMode()", () => {
  it("follows the environment to a stricter mode and to none that is weaker (IDX-07, SCH-12)", () => {
    for (const [at, configured] of writeModes.entries())
      for (const [wanted, asked] of writeModes.entries()) {
        const { mode, problem } = effectiveWriteMode(configured, asked.toUpperCase());
        expect([mode, problem === null]).toEqual([wanted >= at ? asked : configured, wanted >= at]);
      }
  });

  it("takes the configured mode where nothing is set, and tells of what is no mode", () => {
    for (const unset of [undefined, "", "  "]) expect(effectiveWriteMode("atomic", unset)).toEqual({ mode: "atomic", problem: null });
    expect(effectiveWriteMode("atomic", "fast")).toEqual({
      mode: "atomic",
      problem: '"fast" is no way of writing: expected one of direct, atomic, dual_write, bridge',
    });
  });
});
