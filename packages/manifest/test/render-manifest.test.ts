import { digestManifest, parseManifest, renderManifest } from "@gov/manifest";
import { parseDocument, validateKind } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { model } from "./manifest-fakes.ts";

describe("renderManifest()", () => {
  it("writes the c33 wire shape, the same bytes every time (MAN-05)", () => {
    const text = renderManifest(model({ sequence: 2, prior: { manifestId: "MAN-0", digest: digestBytes("prior") } }));
    expect(text).toBe(`version: 1
manifest_id: "MAN-BE-2024-01"
cycle_id: "PLN-BE-2024-01"
sequence: 2
sealed: true
created_at: "2024-01-15T10:00:00Z"
created_by: "ann"
snapshot_rev: "4f2c0de"
rulebook_hash: "${digestBytes("rulebook")}"
artifact_checksums:
  "frameworks/planning-be/be_backlog.yaml": "${digestBytes("tasks: []\n")}"
  "frameworks/planning-be/story_map.md": "${digestBytes("# Map\n")}"
  "z/ä.txt": "${digestBytes("")}"
artifact_sizes:
  "frameworks/planning-be/be_backlog.yaml": 10
  "frameworks/planning-be/story_map.md": 6
  "z/ä.txt": 0
gate_results:
  "cross_stream_consistency": "PASS"
  "parity_coverage": "PENDING"
  "schema_lint": "PASS"
governance:
  tags: ["Critical", "Risk:Low"]
  critical_issues: 0
  critical_violations: 0
  decision_log_ref: "memory-bank/decisions/index.jsonl"
prior_manifest_id: "MAN-0"
prior_manifest_digest: "${digestBytes("prior")}"
notes: "First handoff\\nof the cycle"
`);
  });

  it("writes what the shipped schema of the handoff manifest accepts (MAN-05)", () => {
    const { governance } = model();
    const plans = [
      model(),
      model({ governance: { ...governance, decisionLogRef: null } }),
      model({ sequence: 2, prior: { manifestId: "MAN-0", digest: digestBytes("") } }),
    ];
    for (const plan of plans) {
      const text = renderManifest(plan);
      const document = parseDocument({ path: "handoff_manifest.yaml", bytes: new TextEncoder().encode(text) });
      expect(document.ok && validateKind("handoff_manifest", document.value.data)).toEqual([]);
      expect(parseManifest(text)).toEqual({ ok: true, value: plan, findings: [] });
    }
  });

  it("keeps names that YAML readers stumble over", () => {
    const awkward = [
      "1",
      "__proto__",
      "constructor",
      "null",
      "~",
      "aa: b",
      "# c",
      "'\"",
      `${"x".repeat(250)}/`.repeat(5) + "x",
      "\u2028\u0085\ufeff",
      "- d",
      "true",
      "*e",
      "🗺",
    ];
    const plan = model({
      artifacts: awkward.map((path) => ({ path, digest: digestBytes(path), size: path.length })),
      notes: awkward.join("\n"),
    });
    const parsed = parseManifest(renderManifest(plan));
    expect(parsed).toEqual({ ok: true, value: plan, findings: [] });
  });
});

describe("digestManifest()", () => {
  it("is the same for the same content in any order, and another for any other content (MAN-06)", () => {
    const plan = model();
    const digest = digestManifest(plan);
    expect(digestManifest({ ...plan, gateResults: Object.fromEntries(Object.entries(plan.gateResults).reverse()) })).toBe(digest);
    const others = [
      { ...plan, notes: "" },
      { ...plan, sequence: 2 },
      { ...plan, artifacts: plan.artifacts.slice(1) },
      { ...plan, governance: { ...plan.governance, tags: [] } },
      { ...plan, prior: { manifestId: "x", digest } },
    ];
    expect(new Set([digest, ...others.map(digestManifest)]).size).toBe(others.length + 1);
  });
});
