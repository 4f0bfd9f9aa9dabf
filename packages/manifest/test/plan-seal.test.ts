import { planSeal, type PlanSealOptions, rehearseSeal, sealStates } from "@gov/manifest";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { manifestInput, sealPolicy } from "./manifest-fakes.ts";

const rehearsal = rehearseSeal(manifestInput({ manifestId: "dry run", createdAt: "2024-01-10T00:00:00Z" }), sealPolicy);
const options: PlanSealOptions = { sealAt: "PACKAGED", state: "PACKAGED", rehearsal, ...sealPolicy };
const codes = (more: Partial<PlanSealOptions>, input = manifestInput()): readonly string[] =>
  planSeal(input, { ...options, ...more }).findings.map(({ code }) => code);

describe("planSeal()", () => {
  it("seals what a dry run found sealable, at the state its stream seals at (MAN-09)", () => {
    expect(sealStates).toEqual(["READY_FOR_HANDOFF", "PACKAGED"]);
    expect(rehearsal).toMatchObject({ version: 1, passed: true, findings: [] });
    expect(planSeal(manifestInput(), options).ok).toBe(true);
    expect(codes({ sealAt: "READY_FOR_HANDOFF", state: "READY_FOR_HANDOFF" })).toEqual([]);
    expect(JSON.parse(JSON.stringify(rehearsal))).toEqual(rehearsal);
  });

  it("refuses to seal at any other state", () => {
    expect(codes({ state: "READY_FOR_HANDOFF" })).toEqual(["MANIFEST_SEAL_STATE"]);
    expect(codes({ state: "PLANNED" })).toEqual(["MANIFEST_SEAL_STATE"]);
  });

  it("refuses to seal without a dry run, after one that failed, and after one of other content", () => {
    expect(codes({ rehearsal: null })).toEqual(["MANIFEST_REHEARSAL_MISSING"]);
    const failed = rehearseSeal(manifestInput({ gateResults: {} }), sealPolicy);
    expect(failed.passed).toBe(false);
    expect(codes({ rehearsal: failed })).toEqual(["MANIFEST_REHEARSAL_FAILED"]);
    expect(codes({ rehearsal: { ...rehearsal, passed: "true" as never } })).toEqual(["MANIFEST_REHEARSAL_FAILED"]);
    for (const more of [
      { rulebookHash: digestBytes("other") },
      { snapshotRev: "other" },
      { cycleId: "other" },
      { artifacts: [{ path: "a", digest: digestBytes("a"), size: 1 }] },
    ])
      expect(codes({}, manifestInput(more))).toEqual(["MANIFEST_REHEARSAL_STALE"]);
  });

  it("takes digests with and without prefix, and artifacts in any order, for the same content", () => {
    const { artifacts, rulebookHash } = manifestInput();
    const bare = manifestInput({
      artifacts: [...artifacts].reverse().map((one) => ({ ...one, digest: one.digest.slice(7).toUpperCase() })),
      rulebookHash: rulebookHash.slice(7),
    });
    expect(codes({}, bare)).toEqual([]);
  });

  it("still refuses whatever cannot be planned", () => {
    expect(codes({}, manifestInput({ gateResults: {} }))).toContain("MANIFEST_GATE_MISSING");
  });
});
