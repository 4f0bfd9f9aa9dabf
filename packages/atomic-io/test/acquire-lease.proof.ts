import { describe, expect, it } from "vitest";
import { fightForLease } from "./fight-for-lease.ts";
import { memoryDirectory } from "./scratch.ts";

describe("acquireLease(), at full length", () => {
  it("gives no double acknowledgement in 10,000 rounds of six processes, holders stopped past their lease", async () => {
    const report = await fightForLease(memoryDirectory(), {
      rounds: 10_000,
      leaseMs: 15,
      onRound: (round) => round % 500 === 0 && process.stderr.write(`${round} rounds\n`),
    });
    console.log(JSON.stringify(report));
    expect(report.doubles).toBe(0);
  });
});
