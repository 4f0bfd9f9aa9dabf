import {
  diffManifests,
  digestManifest,
  type ManifestInput,
  parseManifest,
  planManifest,
  sealManifest,
  type SealPolicy,
} from "@gov/manifest";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { ann, manifestInput, model, sealPolicy } from "./manifest-fakes.ts";

function codes(more: Partial<ManifestInput>, policy: SealPolicy = sealPolicy): readonly string[] {
  const planned = planManifest(manifestInput(more), policy);
  return planned.ok ? [] : planned.findings.map(({ code }) => code);
}

const digest = digestBytes("x");

describe("planManifest()", () => {
  it("sorts artifacts, gates and tags, and normalises digests and outcomes (MAN-06)", () => {
    const plan = model({ rulebookHash: "AB".repeat(32) });
    expect(plan.artifacts.map(({ path }) => path)).toEqual([
      "frameworks/planning-be/be_backlog.yaml",
      "frameworks/planning-be/story_map.md",
      "z/ä.txt",
    ]);
    expect(Object.entries(plan.gateResults)).toEqual([
      ["cross_stream_consistency", "PASS"],
      ["parity_coverage", "PENDING"],
      ["schema_lint", "PASS"],
    ]);
    expect(plan.governance.tags).toEqual(["Critical", "Risk:Low"]);
    expect(plan.rulebookHash).toBe(`sha256:${"ab".repeat(32)}`);
    expect(plan).toMatchObject({ sequence: 1, prior: null });
  });

  it("does not change what it is given", () => {
    const input = Object.freeze({ ...manifestInput(), artifacts: Object.freeze([...manifestInput().artifacts]) });
    expect(planManifest(input, sealPolicy).ok).toBe(true);
  });

  it("refuses a gate that failed, was skipped, erred, is missing or still pends, whatever its case", () => {
    for (const outcome of ["FAIL", "skipped", "Error"])
      expect(codes({ gateResults: { schema_lint: outcome } }, { requiredGates: ["schema_lint"] })).toEqual(["MANIFEST_GATE_NOT_PASSED"]);
    expect(codes({ gateResults: { schema_lint: "PENDING" } }, { requiredGates: ["schema_lint"] })).toEqual(["MANIFEST_GATE_NOT_PASSED"]);
    expect(codes({ gateResults: {} }, { requiredGates: ["schema_lint"], pendingGates: ["late"] })).toEqual([
      "MANIFEST_GATE_MISSING",
      "MANIFEST_GATE_MISSING",
    ]);
    expect(codes({ gateResults: { schema_lint: "GREEN" } }, { requiredGates: ["schema_lint"] })).toEqual(["MANIFEST_FIELD_INVALID"]);
    expect(codes({ gateResults: { schema_lint: "waived" } }, { requiredGates: ["schema_lint"] })).toEqual([]);
    expect(codes({ gateResults: { __proto__: null, "Not Snake": "PASS" } as never }, { requiredGates: [] })).toEqual([
      "MANIFEST_FIELD_INVALID",
    ]);
  });

  it("tells of fields that are not of their type, each by name, and never throws (MAN-05)", () => {
    const whole = manifestInput();
    const [artifact] = whole.artifacts;
    const fields = [
      "manifestId",
      "cycleId",
      "createdAt",
      "createdBy",
      "snapshotRev",
      "rulebookHash",
      "artifacts",
      "gateResults",
      "governance",
    ];
    const wrong: readonly (readonly [field: string, input: unknown])[] = [
      ...[null, undefined, "x", []].map((input) => ["input", input] as const),
      ...fields.flatMap((field) => [null, undefined, 7].map((value) => [field, { ...whole, [field]: value }] as const)),
      ...["closes", "restores", "prior", "notes"].map((field) => [field, { ...whole, [field]: 7 }] as const),
      ...["closes", "restores", "notes"].map((field) => [field, { ...whole, [field]: null }] as const),
      ["artifacts[0]", { ...whole, artifacts: [null] }],
      ["artifacts[0].path", { ...whole, artifacts: [{ ...artifact, path: 7 }] }],
      ["artifacts[0].digest", { ...whole, artifacts: [{ ...artifact, digest: undefined }] }],
      ...[null, undefined, true, 1, {}, ["PASS"]].map(
        (outcome) => [`gateResults["schema_lint"]`, { ...whole, gateResults: { schema_lint: outcome } }] as const,
      ),
      ...[null, undefined, "Critical", [7], Array(1)].map(
        (tags) => ["governance.tags", { ...whole, governance: { ...whole.governance, tags } }] as const,
      ),
    ];
    for (const [field, input] of wrong) {
      const planned = planManifest(input as ManifestInput, sealPolicy);
      expect(planned.ok ? [] : planned.findings).toMatchObject([
        { code: "MANIFEST_FIELD_INVALID", message: expect.stringContaining(`"${field}" must be `) as string },
      ]);
    }
    for (const policy of [null, {}, { requiredGates: "all" }, { requiredGates: [7] }, { requiredGates: [], pendingGates: null }])
      expect(codes({}, policy as never)).toEqual(["MANIFEST_FIELD_INVALID"]);
    expect(codes({ closes: {} as never, sequence: 2, prior: {} as never })).toContain("MANIFEST_DIGEST_INVALID");
  });

  it("refuses two outcomes of one gate, so that a failed one hides behind no other spelling (B-17)", () => {
    for (const gateResults of [
      { "parity/coverage": "FAIL", parity_coverage: "PASS" },
      { parity_coverage: "PASS", "parity/coverage": "PASS" },
    ])
      expect(codes({ gateResults }, { requiredGates: ["parity_coverage"] })).toEqual(["MANIFEST_FIELD_INVALID"]);
  });

  it("takes over nothing that the file does not say, so that what is sealed verifies, whatever objects it was given", async () => {
    const prior = { manifestId: "MAN-1", digest, sequence: 1 };
    const governance = { ...manifestInput().governance, evaluatedAt: "today" };
    const plan = model({ sequence: 2, prior, closes: prior, governance });
    const { manifestText } = await sealManifest(plan, { signers: [ann.signer] });
    const again = parseManifest(manifestText);
    expect(again.ok && digestManifest(again.value)).toBe(digestManifest(plan));
    expect(diffManifests(plan, model({ sequence: 2, prior: { manifestId: "MAN-1", digest }, closes: prior })).fields).toEqual([]);
  });

  it("refuses what is no text where one belongs", () => {
    for (const field of ["manifestId", "cycleId", "createdBy", "snapshotRev"])
      for (const value of [undefined, 5, ["x"], { toString: () => "x" }])
        expect(codes({ [field]: value })).toEqual(["MANIFEST_FIELD_INVALID"]);
    const { governance } = manifestInput();
    expect(codes({ governance: { ...governance, decisionLogRef: undefined as never } })).toEqual(["MANIFEST_FIELD_INVALID"]);
    expect(codes({ governance: { ...governance, tags: [5 as never] } })).toEqual(["MANIFEST_FIELD_INVALID"]);
  });

  it("refuses open critical issues and violations", () => {
    const { governance } = manifestInput();
    expect(codes({ governance: { ...governance, criticalIssues: 1, criticalViolations: 2 } })).toEqual([
      "MANIFEST_CRITICAL_NOT_ZERO",
      "MANIFEST_CRITICAL_NOT_ZERO",
    ]);
    expect(codes({ governance: { ...governance, criticalIssues: NaN } })).toEqual(["MANIFEST_CRITICAL_NOT_ZERO"]);
  });

  it("refuses paths that are not one normal name below the root", () => {
    for (const path of [
      "",
      "/etc/passwd",
      "../up",
      "a/../b",
      "./a",
      "a//b",
      "a/",
      "a\\b",
      "a\0b",
      "a\nb",
      "e\u0301",
      "\ud800",
      "x".repeat(5000),
    ])
      expect(codes({ artifacts: [{ path, digest, size: 1 }] }), JSON.stringify(path)).toEqual(["MANIFEST_PATH_INVALID"]);
  });

  it("refuses two paths that some file system takes for one", () => {
    for (const [a, b] of [
      ["Plan.md", "plan.md"],
      ["straße", "STRASSE"],
      ["a", "a"],
      ["Ä", "ä"],
    ] as const) {
      const artifacts = [a, b].map((path) => ({ path, digest, size: 1 }));
      expect(codes({ artifacts }), a).toEqual(["MANIFEST_PATH_COLLISION"]);
    }
  });

  it("refuses a manifest of nothing, and digests and sizes that are none", () => {
    expect(codes({ artifacts: [] })).toEqual(["MANIFEST_EMPTY"]);
    expect(codes({ artifacts: [{ path: "a", digest: "sha256:00", size: -1 }] })).toEqual([
      "MANIFEST_DIGEST_INVALID",
      "MANIFEST_FIELD_INVALID",
    ]);
    expect(codes({ rulebookHash: "md5" })).toEqual(["MANIFEST_DIGEST_INVALID"]);
  });

  it("refuses a broken chain: a prior from sequence 2 on, and only there (MAN-08)", () => {
    const prior = { manifestId: "MAN-0", digest };
    expect(codes({ sequence: 2, prior })).toEqual([]);
    expect(codes({ sequence: 2 })).toEqual(["MANIFEST_FIELD_INVALID"]);
    expect(codes({ sequence: 1, prior })).toEqual(["MANIFEST_FIELD_INVALID"]);
    expect(codes({ sequence: 0 })).toEqual(["MANIFEST_FIELD_INVALID"]);
    expect(codes({ sequence: 2, prior: { manifestId: "", digest: "sha256:x" } })).toEqual([
      "MANIFEST_DIGEST_INVALID",
      "MANIFEST_FIELD_INVALID",
    ]);
  });

  it("refuses fields that are empty, several lines, or no time, all at once", () => {
    const { governance } = manifestInput();
    const bad = {
      manifestId: "",
      cycleId: "a\nb",
      createdBy: "\ud800",
      snapshotRev: "x".repeat(513),
      createdAt: "2024-02-30T10:00:00Z",
      notes: "\udfff",
    };
    expect(codes({ ...bad, governance: { ...governance, decisionLogRef: "", tags: ["a\nb"] } })).toEqual(
      Array(8).fill("MANIFEST_FIELD_INVALID"),
    );
    for (const createdAt of ["2024-01-15", "2024-01-15T10:00:00+01:00", "2024-01-15T24:00:00Z", "now"])
      expect(codes({ createdAt })).toEqual(["MANIFEST_FIELD_INVALID"]);
  });
});
