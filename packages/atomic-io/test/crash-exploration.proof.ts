import { describe, expect, it } from "vitest";
import { exploreEverything } from "./explore-replaces.ts";

describe("power cuts, at full length", () => {
  it("leave nothing torn and nothing acknowledged lost in a million states, which are seen within a minute (AIO-01, AIO-06, NFR-06)", async () => {
    const started = performance.now();
    const found = await exploreEverything(1_000_000);
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    console.log(JSON.stringify({ ...found, seconds }));
    expect(found).toMatchObject({ torn: 0, lost: 0 });
    expect(found.states).toBeGreaterThanOrEqual(1_000_000);
    expect(seconds).toBeLessThan(60);
  });
});
