import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDocuments, compareFindings, createKindRegistry, type DocumentInput, type KindDefinition } from "@gov/schema";

const kind: KindDefinition = {
  name: "note",
  include: ["notes/**"],
  fields: { id: "/name", status: "/state", tags: "/labels", owners: "/by" },
  statuses: { done: "approved" },
  schema: {
    type: "object",
    properties: { name: { type: ["string", "integer"] }, see: { type: "array", items: { type: "string", pattern: "^(a+)+$" } } },
  },
  references: [
    { field: "/see/*", by: "path" },
    { field: "/links/*/to", by: "id", severity: "note" },
  ],
};

const texts = [
  'id: PLN-1\nversion: "1"\nstatus: draft\nkind: artifact\ntags: {Risk: Low}\n',
  "name: 7\nstate: done\nlabels: [A, B:1]\nby: [x]\nsee: [/notes/a.md, ../b, '#c']\nlinks: [{to: x}, {to: 7}]\n",
  '{"metadata":{"id":"x","version":"1","status":"review"},"version":"1","generated_at":"2026-01-01T00:00:00Z","tasks":[]}',
  "---\nid: a\nversion: '1'\nstatus: approved\nspec:\n  routes: []\n---\nbody\n",
];
const paths = [
  "a.md",
  "A.md",
  "notes/a.yaml",
  "notes/b.md",
  "notes/b.md.meta.yaml",
  "rules/artifact_routing.mdc",
  "x/be_backlog.yaml",
  "pic.png",
  "pic.png.meta.yaml",
  "gone.meta.yaml",
  "../out.md",
  "rulebook.yaml",
];
const scraps = [
  "kind: ",
  "__proto__: ",
  "constructor",
  "null",
  "[",
  "{",
  "- ",
  "\n",
  "*a",
  "&a ",
  "1e999",
  "''",
  "metadata: ",
  "id: ",
  "\t",
  ": ",
];

const documents: fc.Arbitrary<DocumentInput[]> = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom(...paths),
    bytes: fc
      .tuple(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(200), fc.nat(20), fc.constantFrom(...scraps)), { maxLength: 4 }))
      .map(([text, edits]) =>
        Buffer.from(edits.reduce((all, [at, remove, insert]) => all.slice(0, at) + insert + all.slice(at + remove), text)),
      ),
  }),
  { selector: ({ path }) => path, maxLength: paths.length },
);

describe("checkDocuments() under mutation", () => {
  it("never throws, sorts its findings, and does not depend on the order of the documents", () => {
    const registry = createKindRegistry({ kinds: [kind] });
    if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
    fc.assert(
      fc.property(documents, (inputs) => {
        const report = checkDocuments(inputs, registry.value);
        expect(report.findings).toEqual([...report.findings].sort(compareFindings));
        expect(checkDocuments([...inputs].reverse(), registry.value)).toEqual(report);
        expect(report.files).toBe(inputs.length);
        for (const artifact of report.artifacts) expect(artifact.id).not.toBe("");
      }),
      { seed: 20250902, numRuns: 1_000 },
    );
  });
});
