import { type ManifestInput, parseManifest, planManifest, renderManifest } from "@gov/manifest";
import { digestBytes } from "@gov/schema/canonical";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readWrittenManifest } from "../src/internal/read-written-manifest.ts";
import { readYamlManifest } from "../src/internal/read-yaml-manifest.ts";
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

describe("readWrittenManifest()", () => {
  const byYaml = (text: string): unknown =>
    readYamlManifest(new TextEncoder().encode(text), { path: "handoff_manifest.yaml", maxBytes: 1 << 26 });

  it("gives what the reader of any YAML gives, for all that is written here (MAN-06)", () => {
    fc.assert(
      fc.property(planned, (plan) => {
        const text = renderManifest(plan);
        const written = readWrittenManifest(text);
        expect(written).toEqual(plan);
        expect(byYaml(text)).toEqual({ ok: true, value: { model: written, seal: null }, findings: [] });
      }),
      { numRuns: 300, seed: 20_240_115 },
    );
  });

  it("never reads what the other refuses, nor anything else out of it, whatever was edited", () => {
    const full = renderManifest(model({ notes: "n" }));
    const pieces = [
      '"',
      "\n",
      ": ",
      "  ",
      "null",
      "1",
      "{}",
      "[]",
      "\\u0061",
      "? ",
      "#",
      "'",
      "~",
      "0x1",
      "1e3",
      "&a ",
      "*a",
      "!!str ",
      "\ufeff",
      "-0",
      "01",
    ];
    const edit = fc.record({
      start: fc.nat(full.length),
      removed: fc.nat(8),
      inserted: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom(...pieces)),
    });
    let read = 0;
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 2 }), (edits) => {
        let text = full;
        for (const { start, removed, inserted } of edits) text = text.slice(0, start) + inserted + text.slice(start + removed);
        const written = readWrittenManifest(text);
        if (written === null) return;
        read++;
        expect(byYaml(text)).toEqual({ ok: true, value: { model: written, seal: null }, findings: [] });
      }),
      { numRuns: 3_000, seed: 20_240_115 },
    );
    // Some edits give another manifest that could have been written; they are what this is about.
    expect(read).toBeGreaterThan(50);
  });

  it("takes no number, null or list where a text belongs, though it would be written again alike", () => {
    const text = renderManifest(model());
    for (const [from, to] of [
      ['manifest_id: "MAN-BE-2024-01"', "manifest_id: 5"],
      ['cycle_id: "PLN-BE-2024-01"', "cycle_id: true"],
      [/notes: .*/, "notes: null"],
      [/tags: .*/, "tags: [1]"],
      [/decision_log_ref: .*/, "decision_log_ref: 5"],
      ['"PASS"', "5"],
    ] as const) {
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      expect(readWrittenManifest(changed), to).toBeNull();
    }
    for (const other of ["", "\n", text.slice(0, -1), `${text}\n`, ` ${text}`, text.replaceAll("\n", "\r\n"), `\ufeff${text}`])
      expect(readWrittenManifest(other)).toBeNull();
  });
});
