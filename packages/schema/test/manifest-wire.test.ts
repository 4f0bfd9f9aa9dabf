import { emitManifestWire, type JsonObject, type JsonValue, manifestShapes, parseManifestWire, type WireManifest } from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { samples } from "./document-samples.ts";

const written: Readonly<Record<(typeof manifestShapes)[number], JsonObject>> = {
  c11: samples["handoff_manifest_c11"] as JsonObject,
  c22: samples["handoff_manifest_c22"] as JsonObject,
  "c22-flat": samples["handoff_manifest_c22_flat"] as JsonObject,
  c33: samples["handoff_manifest"] as JsonObject,
};

function parse(data: JsonValue): WireManifest {
  const manifest = parseManifestWire(data);
  if (!manifest.ok) throw new Error(manifest.findings.map((finding) => finding.message).join("; "));
  return manifest.value;
}

function emit(manifest: WireManifest, shape: (typeof manifestShapes)[number]): JsonObject {
  const data = emitManifestWire(manifest, shape);
  if (!data.ok) throw new Error(data.findings.map((finding) => finding.message).join("; "));
  return data.value;
}

describe("parseManifestWire()", () => {
  it("reads each of the four shapes, told by its members (MAN-01, MAN-03, MAN-04, MAN-05)", () => {
    for (const shape of manifestShapes) expect(parse(written[shape]).shape).toBe(shape);
    expect(parse(written.c11)).toMatchObject({
      version: 1,
      cycleId: "2025-09-02",
      criticalIssues: 0,
      createdBy: ["PM", "TechLead", "QA"],
      id: null,
    });
    expect(parse(written.c22)).toMatchObject({
      version: "1.0.0",
      id: "hnd_2024_01_15_abc123",
      seal: { algorithm: "RSA-SHA256" },
      planId: null,
    });
    expect(parse(written["c22-flat"])).toMatchObject({
      planId: "PLN-BE-2024-01",
      artifacts: [{ key: "be_backlog" }, { key: "story_map" }, { key: "configurations" }],
    });
    expect(parse(written.c33)).toMatchObject({ id: "hnd_2024_01_15_abc123", criticalViolations: 0 });
  });

  it("names what a shape lacks", () => {
    const { sealed_by: _, ...unsealed } = written.c11;
    expect(parseManifestWire(unsealed, { path: "m.yaml" }).findings.map(({ code, path }) => [code, path])).toEqual([
      ["SCHEMA_VIOLATION", "m.yaml"],
    ]);
    for (const data of [null, [], "x", {}]) expect(parseManifestWire(data).ok).toBe(false);
  });

  it("lets nothing that is carried say otherwise than the manifest", () => {
    const carried = (fields: JsonObject, members: JsonValue = []): JsonObject => ({
      ...written.c33,
      extensions: { format: "gov.manifest_extensions/1", fields, members },
    });
    expect(parse(carried({ cycleId: "2024-01" })).cycleId).toBe("2024-01");
    expect(parseManifestWire(carried({ artifacts: [{ key: "other.md", checksum: "0a".repeat(32) }] })).ok).toBe(false);
    expect(parseManifestWire(carried({ id: "another" })).ok).toBe(false);
    expect(parseManifestWire(carried({}, [{ shape: "c33", pointer: "/manifest_id", value: "another" }])).ok).toBe(false);
    // A member of that name that somebody else made, or that is malformed, is an extension like any other.
    for (const odd of [
      carried({ cycleId: 7 }),
      carried({ unknown: "x" }),
      carried({}, [{ shape: "c44" }]),
      { ...written.c33, extensions: [1] },
    ]) {
      expect(parse(odd).extensions.filter(({ pointer }) => pointer === "/extensions")).toHaveLength(1);
      expect(emit(parse(odd), "c33")).toEqual(odd);
    }
  });
});

describe("emitManifestWire()", () => {
  it("writes in the shape read what was read, unknown members included (B-02)", () => {
    const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
    const name = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("__proto__", "a/b", "~", "constructor", "extra"));
    fc.assert(
      fc.property(fc.constantFrom(...manifestShapes), name, json, (shape, key, value) => {
        const base = structuredClone(written[shape]) as Record<string, JsonValue>;
        const inner = (base["governance"] ?? base["manifest"] ?? base["seal"]) as Record<string, JsonValue>;
        for (const owner of [base, inner]) {
          if (!Object.hasOwn(owner, key))
            Object.defineProperty(owner, key, { value, enumerable: true, configurable: true, writable: true });
        }
        const known = parseManifestWire(base);
        // A member that an other shape is told by, or that has a meaning of its own, is not an unknown one.
        if (!known.ok || known.value.shape !== shape) return;
        expect(JSON.stringify(sorted(emit(known.value, shape)))).toBe(JSON.stringify(sorted(base)));
      }),
      { numRuns: 1_000, seed: 20_240_115 },
    );
  });

  it("carries through every other shape what that shape has no name for, and back (MAN-06)", () => {
    const { prior_manifest_id: none, ...named } = written.c33;
    expect(none).toBeNull();
    const full: WireManifest = {
      ...parse(named),
      version: "1.0.0",
      cycleId: "2024-01-15",
      planId: "PLN-BE-2024-01",
      createdBy: ["ann", "bob"],
      criticalIssues: 0,
      priorId: "hnd_0",
      seal: { algorithm: "RSA-SHA256", signature: "base64:c2ln" },
    };
    for (const first of manifestShapes) {
      for (const second of manifestShapes) {
        const there = parse(emit({ ...full, shape: "c33" }, first));
        const { shape: _, extensions, ...fields } = parse(emit(there, second));
        expect({ ...fields, extensions: new Set(extensions.map(({ pointer }) => pointer)) }, `${first} ${second}`).toEqual({
          ...full,
          shape: undefined,
          extensions: new Set(full.extensions.map(({ pointer }) => pointer)),
        });
      }
    }
    for (const shape of ["c22", "c22-flat"] as const) {
      const complete = {
        ...parse(written[shape]),
        cycleId: "2024-01-15",
        createdBy: ["ann"],
        gateResults: {},
        tags: [],
        criticalIssues: 0,
        criticalViolations: 0,
        planId: "PLN-BE-2024-01",
      };
      const back = parse(emit(parse(emit(complete, "c33")), shape));
      expect(emit({ ...back, shape }, shape)).toMatchObject(written[shape]);
    }
  });

  it("says what the shape needs and the manifest does not have", () => {
    const result = emitManifestWire(parse(written.c33), "c11");
    expect(result.findings.map((finding) => finding.message).join()).toContain("cycle_id");
    const forged = { ...parse(written.c33), extensions: [{ shape: "c33" as const, pointer: "/manifest_id", value: "another" }] };
    expect(emitManifestWire(forged, "c33").ok).toBe(false);
  });
});

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, item]) => [key, sorted(item)]);
}
