import { describe, expect, it } from "vitest";
import { exploreEverything } from "./explore-replaces.ts";
import { trustKeptName, writeIntoKept } from "./mutants.ts";

describe("power cuts during replaces and appends", () => {
  it("are found to tear files that are held open and then written into", async () => {
    expect((await exploreEverything(500, { replace: writeIntoKept(), maxImages: 64 })).torn).toBeGreaterThan(0);
  });

  it("are found to take back replaces of files that are held open, where their directory is synced for the first only", async () => {
    expect(await exploreEverything(500, { replace: trustKeptName(), maxImages: 64 })).toMatchObject({
      torn: 0,
      lost: expect.toSatisfy((lost: number) => lost > 0),
    });
  });

  it("leave nothing torn and nothing acknowledged lost (AIO-01, AIO-06, NFR-06; a million states are a proof)", async () => {
    const found = await exploreEverything(10_000);
    expect(found).toMatchObject({ torn: 0, lost: 0 });
    expect(found.states).toBeGreaterThanOrEqual(10_000);
  });
});
