import { describe, expect, it } from "vitest";
import { exploreEverything } from "./explore-replaces.ts";

describe("power cuts during replaces and appends", () => {
  it("leave nothing torn and nothing acknowledged lost (AIO-01, AIO-06, NFR-06; a million states are a proof)", async () => {
    const found = await exploreEverything(10_000);
    expect(found).toMatchObject({ torn: 0, lost: 0 });
    expect(found.states).toBeGreaterThanOrEqual(10_000);
  });
});
