import { describe, expect, it } from "vitest";
import { killWriters } from "./kill-writers.ts";
import { scratchDirectory } from "./scratch.ts";

describe("sweepTemporaries(), at full length", () => {
  it("leaves no orphan after 1,000 killed writers", async () => {
    const report = await killWriters(scratchDirectory(), { kills: 1000, seed: 1 });
    console.log(JSON.stringify(report));
    expect(report).toMatchObject({ kills: 1000, orphans: 0, torn: 0 });
    expect(report.seen).toBeGreaterThan(100);
  });
});
