import { readFileSync } from "node:fs";
import { checkDocuments, createKindRegistry, emitManifestWire, manifestShapes, parseDocument, parseManifestWire } from "@gov/schema";
import { describe, expect, it } from "vitest";

const golden = (kind: string): string => readFileSync(new URL(`fixtures/golden/${kind}-v1.yaml`, import.meta.url), "utf8");
const kinds = ["handoff_manifest", "handoff_manifest_c11", "handoff_manifest_c22", "handoff_manifest_c22_flat"];
const registry = createKindRegistry();

/** What is found of a manifest under its usual name. */
function found(text: string): readonly string[] {
  if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
  const { findings } = checkDocuments([{ path: "manifests/2026-handoff_manifest.yaml", bytes: Buffer.from(text) }], registry.value);
  return findings.filter(({ severity }) => severity === "error").map(({ message }) => message);
}

describe("checkDocuments() of handoff manifests", () => {
  it.each(kinds)("judges each shape by its own schema, whatever the file is called: %s (MAN-01, MAN-03, MAN-04, B-02)", (kind) => {
    expect(found(golden(kind))).toEqual([]);
    expect(found(golden(kind).replace(/^( *)snapshot_rev: .*$/m, "$1snapshot_rev: 7"))).toHaveLength(1);
  });

  it("judges a manifest that carries what its shape has no name for", () => {
    const judged: string[] = [];
    for (const kind of kinds) {
      const parsed = parseDocument({ path: "m.yaml", bytes: Buffer.from(golden(kind)) });
      const wire = parsed.ok ? parseManifestWire(parsed.value.data) : parsed;
      if (!wire.ok) throw new Error(JSON.stringify(wire.findings));
      for (const shape of manifestShapes) {
        const emitted = emitManifestWire(wire.value, shape);
        // What a shape demands and a manifest does not say cannot be written in it.
        if (!emitted.ok) continue;
        judged.push(`${wire.value.shape} as ${shape}`);
        expect([judged.at(-1), found(JSON.stringify(emitted.value))]).toEqual([judged.at(-1), []]);
      }
    }
    expect(judged).toEqual(expect.arrayContaining(manifestShapes.map((shape) => `${shape} as ${shape}`)));
    expect(judged.length).toBeGreaterThan(manifestShapes.length);
  });
});
