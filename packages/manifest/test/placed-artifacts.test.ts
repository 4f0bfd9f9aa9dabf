import { applyPromotion, promotionRulesOf, readPlacedArtifacts, standAsSealed } from "@gov/manifest/promotion";
import { replaceFile } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import { approve, planned, promotedFiles, promotionOn, rules, seal } from "./promotion-fakes.ts";
import { rootOf } from "./snapshot-fakes.ts";

const request = (manifest: Parameters<typeof approve>[0]) => ({ manifest, environment: "staging", cause: "manual" }) as const;

describe("readPlacedArtifacts()", () => {
  it("tells what stands in an environment, and which paths a promotion that stopped may have left there (PRO-03)", async () => {
    const fs = rootOf({});
    const [first, second] = [await seal(promotedFiles), await seal({ "late.md": "late\n" }, { sequence: 2 })];
    const options = promotionOn(fs, first.source);
    const { log, store } = options;
    expect(await readPlacedArtifacts("staging", { log, store })).toEqual({ standing: null, paths: [] });
    await approve(first.manifest, log);
    await applyPromotion(await planned(request(first.manifest), log), options);
    const paths = Object.keys(promotedFiles).sort();
    const stands = await readPlacedArtifacts("staging", { log, store });
    expect([stands.standing, stands.paths]).toEqual([first.model.artifacts, paths]);
    expect(await readPlacedArtifacts("production", { log, store })).toEqual({ standing: null, paths: [] });
    await approve(second.manifest, log);
    const stopped = { ...options, run: "promotion-2", source: second.source, governed: paths, ports: {} };
    await expect(applyPromotion(await planned(request(second.manifest), log), stopped)).rejects.toMatchObject({
      code: "MANIFEST_PLAYBOOK_STEP_FAILED",
    });
    const after = await readPlacedArtifacts("staging", { log, store });
    expect([after.standing, after.paths]).toEqual([first.model.artifacts, [...paths, "late.md"].sort()]);
  });
});

describe("standAsSealed()", () => {
  it("notices one artifact that is missing or differs", async () => {
    const { model } = await seal(promotedFiles);
    const [root, fs] = ["/root", rootOf(promotedFiles)];
    expect(await standAsSealed(root, model.artifacts, { fs })).toBe(true);
    await replaceFile(`${root}/twin.md`, "other\n", { fs });
    expect(await standAsSealed(root, model.artifacts, { fs })).toBe(false);
    await fs.unlink(`${root}/twin.md`);
    expect(await standAsSealed(root, model.artifacts, { fs })).toBe(false);
  });
});

describe("promotionRulesOf()", () => {
  it("takes approvals and environments from promotion_rules.mdc, and lets nothing pass where there are none (PRO-01)", () => {
    const spec = {
      snapshot: { format: "dsse+in-toto", signatures: 1, roles: [] },
      retention: { keep_last: 1, keep_for: "1_years" },
      rollback: { triggers: ["slo_breach"], steps: ["freeze_promotions"] },
    } satisfies Parameters<typeof promotionRulesOf>[0];
    expect(promotionRulesOf(null)).toBeNull();
    expect(promotionRulesOf(spec)).toBeNull();
    const environments = [
      { name: "staging", automatic: true },
      { name: "production", soak_hours: 1 },
    ];
    expect(promotionRulesOf({ ...spec, promotion: { approvals: 1, environments } })).toEqual({
      ...rules,
      environments: [
        { name: "staging", automatic: true, soakMs: 0 },
        { name: "production", automatic: false, soakMs: 3_600_000 },
      ],
    });
  });
});
