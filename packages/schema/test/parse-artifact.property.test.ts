import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type Artifact, artifactStatuses, createKindRegistry, parseArtifact } from "@gov/schema";

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ._-]{0,20}[A-Za-z0-9]$/);
const metadata = fc.record(
  {
    id: word,
    version: word,
    status: fc.constantFrom(...artifactStatuses),
    title: fc.string({ unit: "grapheme", minLength: 1 }),
    owners: fc.array(word, { minLength: 1, maxLength: 3 }),
    tags: fc.array(
      fc.tuple(word, fc.option(word)).map(([key, value]) => (value === null ? key : `${key}:${value}`)),
      { minLength: 1, maxLength: 4 },
    ),
  },
  { requiredKeys: ["id", "version", "status"], noNullPrototype: true },
);

describe("parseArtifact()", () => {
  it("gives the same artifact from front matter, from a sidecar and from embedded metadata (SCH-01, SCH-02)", () => {
    const registry = createKindRegistry();
    if (!registry.ok) throw new Error("the shipped kinds do not compile");
    const read = (path: string, text: string, sidecar?: string): unknown => {
      const beside = sidecar === undefined ? undefined : { path: `${path}.meta.yaml`, bytes: Buffer.from(sidecar) };
      const result = parseArtifact({ path, bytes: Buffer.from(text) }, registry.value, { sidecar: beside });
      if (!result.ok) throw new Error(`${path}: ${JSON.stringify(result.findings)}`);
      const { id, kind, version, status, title, owners, tags, references }: Artifact = result.value;
      return { id, kind, version, status, title, owners, tags, references };
    };
    fc.assert(
      fc.property(metadata, (values) => {
        const yaml = stringify(values, { version: "1.2", schema: "core", aliasDuplicateObjects: false });
        const expected = read("a.md", `---\n${yaml}---\nbody\n`);
        expect(read("a.md", "body\n", yaml)).toEqual(expected);
        expect(read("a.md", `---\n${yaml}---\nbody\n`, yaml)).toEqual(expected);
        expect(read("a.bin", "\u0000", yaml)).toEqual(expected);
        expect(read("a.yaml", stringify({ metadata: values, content: 1 }))).toEqual(expected);
        expect(read("a.yaml", yaml)).toEqual(expected);
        expect(read("a.yaml", "content: 1\n", yaml)).toEqual(expected);
        expect(read("a.json", JSON.stringify({ ...values, content: 1 }))).toEqual(expected);
        expect(read("a.json", JSON.stringify({ content: 1, metadata: values }))).toEqual(expected);
      }),
      { seed: 20250902, numRuns: 300 },
    );
  });

  it("names every field in which a sidecar differs (SCH-02)", () => {
    const registry = createKindRegistry();
    if (!registry.ok) throw new Error("the shipped kinds do not compile");
    fc.assert(
      fc.property(metadata, metadata, (inside, outside) => {
        const fields = ["id", "version", "status", "title", "owners", "tags"] as const;
        const differing = fields.filter(
          (field) =>
            inside[field] !== undefined && outside[field] !== undefined && JSON.stringify(inside[field]) !== JSON.stringify(outside[field]),
        );
        const sidecar = { path: "a.json.meta.yaml", bytes: Buffer.from(JSON.stringify(outside)) };
        const result = parseArtifact({ path: "a.json", bytes: Buffer.from(JSON.stringify(inside)) }, registry.value, { sidecar });
        const conflicts = result.findings.filter(({ code }) => code === "SCHEMA_METADATA_CONFLICT");
        expect(conflicts.map(({ message }) => /^Field "(\w+)"/.exec(message)?.[1]).sort()).toEqual([...differing].sort());
        expect(result.ok).toBe(differing.length === 0);
      }),
      { seed: 20250902, numRuns: 200 },
    );
  });
});
