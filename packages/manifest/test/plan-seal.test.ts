import { foldRehearsal, planSeal, type PlanSealOptions, rehearsalEntry, rehearseSeal, sealRehearsalKind, sealStates } from "@gov/manifest";
import type { JsonValue } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { manifestInput, sealPolicy } from "./manifest-fakes.ts";

const rehearsal = rehearseSeal(manifestInput({ manifestId: "dry run", createdAt: "2024-01-10T00:00:00Z" }), sealPolicy);
const options: PlanSealOptions = { sealAt: "PACKAGED", state: "PACKAGED", rehearsal, ...sealPolicy };
const codes = (more: Partial<PlanSealOptions>, input = manifestInput()): readonly string[] =>
  planSeal(input, { ...options, ...more }).findings.map(({ code }) => code);

describe("rehearsalEntry()", () => {
  it("keeps a dry run in a log until sealing: the last of the cycle counts, and nothing that is no such record (GAT-25)", () => {
    const failed = rehearsalEntry("C-1", rehearseSeal(manifestInput({ gateResults: {} }), sealPolicy));
    expect(failed).toMatchObject({
      type: sealRehearsalKind,
      payload: { entity_id: "C-1", passed: false, findings: ["MANIFEST_GATE_MISSING"] },
    });
    const passed = rehearsalEntry("C-1", rehearsal);
    const other = rehearsalEntry("C-2", rehearsal);
    const events = JSON.parse(JSON.stringify([failed, passed, other])) as JsonValue[];
    expect(foldRehearsal(events, "C-1")).toEqual(passed.payload);
    expect(foldRehearsal([...events].reverse(), "C-1")).toEqual(failed.payload);
    expect(foldRehearsal(events, "C-3")).toBeNull();
    const broken = [null, { type: sealRehearsalKind }, { ...passed, payload: { ...passed.payload, passed: "true" } }];
    expect(foldRehearsal([...broken, { ...passed, payload: { ...passed.payload, content: "x" } }], "C-1")).toBeNull();
    expect(codes({ rehearsal: foldRehearsal(events, "C-1") })).toEqual([]);
    expect(codes({ rehearsal: failed.payload })).toContain("MANIFEST_REHEARSAL_FAILED");
  });
});

describe("planSeal()", () => {
  it("seals what a dry run found sealable, at the state its stream seals at (MAN-09)", () => {
    expect(sealStates).toEqual(["READY_FOR_HANDOFF", "PACKAGED"]);
    expect(rehearsal).toMatchObject({ version: 1, passed: true, findings: [] });
    expect(planSeal(manifestInput(), options).ok).toBe(true);
    expect(codes({ sealAt: "READY_FOR_HANDOFF", state: "READY_FOR_HANDOFF" })).toEqual([]);
    expect(JSON.parse(JSON.stringify(rehearsal))).toEqual(rehearsal);
  });

  it("takes another commit of the same content for the same, since the record of the dry run is committed too (MAN-07)", () => {
    expect(codes({}, manifestInput({ snapshotRev: "other" }))).toEqual([]);
  });

  it("seals what supersedes by the rules of a successor (MAN-08, B-03)", () => {
    const planned = planSeal(manifestInput(), options);
    if (!planned.ok) throw new Error("not planned");
    const after = { prior: { model: planned.value, digest: digestBytes("prior") }, by: "cycle" } as const;
    expect(codes({ after })).toEqual(["MANIFEST_SUCCESSOR_UNCHANGED", "MANIFEST_SUCCESSOR_UNCHANGED"]);
    const next = manifestInput({ manifestId: "M-2", cycleId: "C-2" });
    const sealed = planSeal(next, { ...options, after, rehearsal: rehearseSeal(next, sealPolicy) });
    expect(sealed.ok && [sealed.value.sequence, sealed.value.prior?.digest]).toEqual([2, digestBytes("prior")]);
  });

  it("refuses to seal at any other state", () => {
    expect(codes({ state: "READY_FOR_HANDOFF" })).toEqual(["MANIFEST_SEAL_STATE"]);
    expect(codes({ state: "PLANNED" })).toEqual(["MANIFEST_SEAL_STATE"]);
    expect(codes({ state: null })).toEqual(["MANIFEST_SEAL_STATE"]);
  });

  it("refuses to seal without a dry run, after one that failed, and after one of other content", () => {
    expect(codes({ rehearsal: null })).toEqual(["MANIFEST_REHEARSAL_MISSING"]);
    const failed = rehearseSeal(manifestInput({ gateResults: {} }), sealPolicy);
    expect(failed.passed).toBe(false);
    expect(codes({ rehearsal: failed })).toEqual(["MANIFEST_REHEARSAL_FAILED"]);
    expect(codes({ rehearsal: { ...rehearsal, passed: "true" as never } })).toEqual(["MANIFEST_REHEARSAL_FAILED"]);
    for (const more of [
      { rulebookHash: digestBytes("other") },
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
