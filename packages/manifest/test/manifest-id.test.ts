import { createManifestId } from "@gov/manifest";
import { describe, expect, it } from "vitest";

const a = { path: "a.yaml", digest: `sha256:${"a".repeat(64)}` } as const;
const b = { path: "b.yaml", digest: `sha256:${"b".repeat(64)}` } as const;
const input = { cycleId: "PLN-BE-2024-01", createdAt: "2024-01-15T10:00:00Z", artifacts: [a, b] };

describe("createManifestId()", () => {
  it("has the shape of the seed's ids (ART-04)", () => {
    expect(createManifestId(input)).toMatch(/^hnd_2024_01_15_[0-9a-f]{12}$/);
  });

  it("depends on cycle, day and content, and not on the order", () => {
    expect(createManifestId({ ...input, artifacts: [b, a] })).toBe(createManifestId(input));
    const others = [
      { ...input, cycleId: "PLN-BE-2024-02" },
      { ...input, createdAt: "2024-01-16T10:00:00Z" },
      { ...input, artifacts: [a] },
    ];
    expect(new Set([input, ...others].map(createManifestId)).size).toBe(4);
  });

  it("refuses a time that is none", () => {
    expect(() => createManifestId({ ...input, createdAt: "yesterday" })).toThrow(RangeError);
  });
});
