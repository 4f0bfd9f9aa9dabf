import { datedId, idShapeOf, idShapes } from "@gov/schema";
import { describe, expect, it } from "vitest";

describe("idShapeOf()", () => {
  it("knows the ids that the sources write (ART-04)", () => {
    const examples = ["PLN-BE-2024-01", "PLN-BE-001", "hnd_2024_01_15_abc123", "evt_2024_01_15_xyz789", "pln_task_123"];
    expect(examples.map(idShapeOf)).toEqual([...idShapes]);
  });

  it.each([
    "",
    "PLN-BE-2024-13",
    "pln-be-001",
    "hnd_2024_02_30_a",
    "evt_2024_1_5_a",
    "hnd_2024_01_15_",
    "pln_task_",
    "PLN-BE-001\n",
    "hnd_2024_01_15_a/b",
  ])("knows no shape of %j", (text) => {
    expect(idShapeOf(text)).toBeNull();
  });
});

describe("datedId()", () => {
  it("writes ids of its shape, and refuses what would not be one (ART-04)", () => {
    expect(datedId("event", { date: "2024-01-15", suffix: "xyz789" })).toBe("evt_2024_01_15_xyz789");
    for (const [date, suffix] of [
      ["2024-02-30", "a"],
      ["15.01.2024", "a"],
      ["2024-01-15", ""],
      ["2024-01-15", "../x"],
    ] as const) {
      expect(() => datedId("manifest", { date, suffix })).toThrow(RangeError);
    }
  });
});
