import { type EvidencePorts, collectEvidence, evaluateGates, gateResults } from "@gov/gates";
import { type ManifestInput, planManifest, sealManifest } from "@gov/manifest";
import { type PromotionStatus, planPromotion } from "@gov/manifest/promotion";
import { createKeySigner } from "@gov/manifest/sign";
import { digestBytes } from "@gov/schema/canonical";
import { presets } from "@gov/schema/presets";
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";

const page = "# The interface\n";
const changedAt = "2026-01-01T00:00:00Z";
const gate = presets.quality.gates["docs"];

/** The documentation gate of the quality preset, on a page that is this old and reads like this. */
async function judge({ hours, text = page }: { readonly hours: number; readonly text?: string }) {
  const asOf = new Date(Date.parse(changedAt) + hours * 3_600_000).toISOString();
  const ports: EvidencePorts = {
    docs: async () => ({ value: { asOf, pages: [{ path: "docs/api.md", changedAt, documentedAt: null }] }, sources: [] }),
    provenance: async () => ({
      value: [{ path: "docs/api.md", source: "4f2c0de", expected: digestBytes(page), actual: digestBytes(text) }],
      sources: [],
    }),
  };
  if (gate === undefined) throw new Error("the preset has no gate of documentation");
  return evaluateGates(await collectEvidence({ subject: "docs" }, ports), { docs: gate });
}

const input = (results: ManifestInput["gateResults"]): ManifestInput => ({
  ...{ manifestId: "MAN-DOCS-1", cycleId: "PLN-BE-2026-01", createdAt: changedAt, createdBy: "ann", snapshotRev: "4f2c0de" },
  rulebookHash: digestBytes("rulebook"),
  artifacts: [{ path: "docs/api.md", digest: digestBytes(page), size: page.length }],
  gateResults: results,
  governance: { tags: [], criticalIssues: 0, criticalViolations: 0, decisionLogRef: "memory-bank/decisions/index.jsonl" },
  notes: "",
});

describe("the documentation vertical: gates, manifest and promotion together", () => {
  it("promotes pages that are fresh and match their provenance, once they are approved (QAC-03)", async () => {
    const report = await judge({ hours: 47 });
    expect(report.outcome).toBe("PASS");
    const planned = planManifest(input(gateResults(report)), { requiredGates: ["docs"] });
    if (!planned.ok) throw new Error(planned.findings.map(({ message }) => message).join("; "));
    const { digest } = await sealManifest(planned.value, { signers: [createKeySigner(generateKeyPairSync("ed25519").privateKey)] });
    const manifest = { manifestId: planned.value.manifestId, digest, sequence: 1 };
    const promote = (status: PromotionStatus): boolean =>
      planPromotion(
        { manifest, environment: "staging", cause: "manual" },
        {
          board: { statuses: new Map([[digest, status]]), environments: new Map(), frozenBy: [] },
          rules: { version: 1, environments: [{ name: "staging" }], approvals: 1 },
          now: Date.parse(changedAt),
        },
      ).ok;
    expect([promote("draft"), promote("review"), promote("approved")]).toEqual([false, false, true]);
  });

  it("seals nothing that could be promoted when a page is 72 hours behind or was edited since it was made (QAC-03)", async () => {
    for (const stale of [{ hours: 72.1 }, { hours: 1, text: `${page}edited\n` }]) {
      const report = await judge(stale);
      expect(report.outcome).toBe("FAIL");
      const planned = planManifest(input(gateResults(report)), { requiredGates: ["docs"] });
      expect(planned.ok ? [] : planned.findings.map(({ code }) => code)).toEqual(["MANIFEST_GATE_NOT_PASSED"]);
    }
  });
});
