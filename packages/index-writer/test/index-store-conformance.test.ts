import { indexStoreConformance } from "@gov/index-writer/testing";
import { describe, expect, it } from "vitest";
import { type Checks, memoryRecord } from "./memory-store.ts";

const leaseMs = 100;

async function failures(checks: Checks): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of indexStoreConformance) {
    const { open, silence } = memoryRecord(leaseMs, checks);
    try {
      await run({ open: async () => open(), leaseMs, silence });
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

describe("indexStoreConformance", () => {
  it("is passed by a plain reference, and catches each one that leaves a check out (NFR-05)", async () => {
    const all = { epoch: true, sequence: true, ids: true, expiry: true };
    expect(await failures(all)).toEqual([]);
    for (const left of ["epoch", "sequence", "ids", "expiry"] as const)
      expect(await failures({ ...all, [left]: false }), left).not.toEqual([]);
  }, 120_000);
});
