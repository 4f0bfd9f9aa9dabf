import { readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, gov, write } from "./harness.ts";
import { governed } from "./governed.ts";

describe("caches of a root", () => {
  it.each(["check-v2.json", "commit-times-v1", "evidence-v1.json", "index-v1.json"])(
    "write %s through no link that somebody has committed",
    async (name) => {
      const root = governed();
      const outside = join(folder({ victim: "mine" }), "victim");
      write(root, ".gov/cache/.keep", "");
      rmSync(join(root, ".gov/cache", name), { force: true });
      symlinkSync(outside, join(root, ".gov/cache", name));
      for (const argv of [["check"], ["index"], ["status"], ["resolve", "rulebook"], ["gate", "PLN-BE-2026-01"]]) await gov(root, ...argv);
      expect(readFileSync(outside, "utf8")).toBe("mine");
    },
  );
});
