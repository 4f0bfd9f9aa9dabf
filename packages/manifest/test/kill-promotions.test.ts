import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DiskAction } from "./disk-promotion.ts";
import { killPromotions, type KilledPromotions } from "./kill-promotions.ts";

async function killed(action: DiskAction, kills: number): Promise<KilledPromotions> {
  const scratch = mkdtempSync(join(tmpdir(), "gov-kill-"));
  try {
    return await killPromotions(scratch, action, { kills });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

describe("applyPromotion() and runPlaybook(), killed", () => {
  it("leave a real disk old, or frozen, or new and verified, and go on from there (PRO-03, PRO-11)", async () => {
    for (const action of ["promote", "roll back"] as const) {
      const report = await killed(action, 3);
      expect(report, action).toMatchObject({ kills: 3, torn: 0, thawed: 0, unfinished: 0, mistold: 0 });
      expect(report.frozen).toBeGreaterThan(0);
      expect(report.calls).toBeGreaterThan(500);
    }
  }, 120_000);
});
