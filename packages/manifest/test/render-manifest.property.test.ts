import { type ManifestInput, parseManifest, planManifest, renderManifest } from "@gov/manifest";
import { digestBytes } from "@gov/schema/canonical";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { model } from "./manifest-fakes.ts";

const line = fc.string({ unit: "binary", minLength: 1, maxLength: 30 });
const path = fc
  .array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join("/"));
const digest = fc.string().map(digestBytes);
const outcome = fc.constantFrom("PASS", "WAIVED", "PENDING", "pass");

const input: fc.Arbitrary<ManifestInput> = fc.record({
  manifestId: line,
  cycleId: line,
  createdAt: fc.constantFrom("2024-01-15T10:00:00Z", "2024-02-29T23:59:59.123Z"),
  createdBy: line,
  snapshotRev: line,
  rulebookHash: digest,
  artifacts: fc.uniqueArray(fc.record({ path, digest, size: fc.nat() }), { minLength: 1, maxLength: 8, selector: (one) => one.path }),
  gateResults: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/), outcome, { maxKeys: 4 }),
  governance: fc.record({
    tags: fc.array(line, { maxLength: 3 }),
    criticalIssues: fc.constant(0),
    criticalViolations: fc.constant(0),
    decisionLogRef: fc.option(line),
  }),
  notes: fc.string({ unit: "binary" }),
});

const planned = input
  .map((one) =>
    planManifest(one, {
      requiredGates: [],
      pendingGates: Object.keys(one.gateResults).filter((gate) => one.gateResults[gate] === "PENDING"),
    }),
  )
  .filter((result) => result.ok)
  .map((result) => result.value);

describe("renderManifest()", () => {
  it("is read back as the same model (MAN-06)", () => {
    fc.assert(
      fc.property(planned, (plan) => {
        const text = renderManifest(plan);
        const parsed = parseManifest(text);
        expect(parsed).toEqual({ ok: true, value: plan, findings: [] });
        expect(parsed.ok && renderManifest(parsed.value)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe("parseManifest()", () => {
  it("never throws, whatever was edited, and says why it refuses", () => {
    const text = renderManifest(model());
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(6), fc.string({ maxLength: 4 }), (start, removed, inserted) => {
        const edited = text.slice(0, start) + inserted + text.slice(start + removed);
        const parsed = parseManifest(edited);
        if (!parsed.ok) expect(parsed.findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
