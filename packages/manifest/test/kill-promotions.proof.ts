import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { killPromotions } from "./kill-promotions.ts";

describe("applyPromotion() and runPlaybook(), killed at 600 points, at full length", () => {
  for (const action of ["promote", "roll back"] as const)
    it(`leaves a real disk old, or frozen, or new and verified: ${action} (PRO-03, PRO-11)`, async () => {
      const scratch = mkdtempSync(join(tmpdir(), "gov-kill-"));
      try {
        const report = await killPromotions(scratch, action, { kills: 300 });
        console.log(JSON.stringify({ action, ...report }));
        expect(report).toMatchObject({ kills: 300, torn: 0, thawed: 0, unfinished: 0, mistold: 0 });
      } finally {
        rmSync(scratch, { recursive: true });
      }
    }, 3_600_000);
});
