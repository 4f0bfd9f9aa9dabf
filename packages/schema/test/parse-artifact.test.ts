import { describe, expect, it } from "vitest";
import { type Artifact, createKindRegistry, type DocumentInput, type KindDefinition, type KindRegistry, parseArtifact } from "@gov/schema";

const input = (path: string, text: string): DocumentInput => ({ path, bytes: Buffer.from(text) });

function registryOf(...kinds: readonly KindDefinition[]): KindRegistry {
  const registry = createKindRegistry({ kinds });
  if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
  return registry.value;
}

const shipped = registryOf();

function read(path: string, text: string, options: { sidecar?: string; registry?: KindRegistry } = {}): Artifact {
  const sidecar = options.sidecar === undefined ? undefined : input(`${path}.meta.yaml`, options.sidecar);
  const result = parseArtifact(input(path, text), options.registry ?? shipped, { sidecar });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}

function faults(path: string, text: string, options: { sidecar?: string; registry?: KindRegistry } = {}): string[] {
  const sidecar = options.sidecar === undefined ? undefined : input(`${path}.meta.yaml`, options.sidecar);
  const result = parseArtifact(input(path, text), options.registry ?? shipped, { sidecar });
  return result.findings.map((finding) => `${finding.code} ${finding.path}:${finding.line}:${finding.column}`);
}

const metadata = 'id: PLN-1\nversion: "1.0"\nstatus: approved\ntitle: Plan\nowners: [ann, bob]\ntags: [Release, Risk:Low]\n';

describe("parseArtifact()", () => {
  it("reads id, version, status, title, owners and tags from front matter (SCH-01, ART-20)", () => {
    expect(read("plans/a.md", `---\n${metadata}---\nText\n`)).toMatchObject({
      path: "plans/a.md",
      kind: "artifact",
      format: "markdown",
      id: "PLN-1",
      version: "1.0",
      status: "approved",
      title: "Plan",
      owners: ["ann", "bob"],
      tags: [
        { key: "Release", value: null },
        { key: "Risk", value: "Low" },
      ],
      body: "Text\n",
      size: 112,
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown,
    });
  });

  it("gives the same artifact from a sidecar, also for an opaque file (SCH-02)", () => {
    const embedded = read("a.md", `---\n${metadata}---\n`);
    const opaque = read("a.png", "\u0000", { sidecar: metadata });
    const rest = ({ id, version, status, title, owners, tags, kind, references }: Artifact): unknown => [
      id,
      version,
      status,
      title,
      owners,
      tags,
      kind,
      references,
    ];
    expect(rest(opaque)).toEqual(rest(embedded));
    expect(opaque).toMatchObject({ format: "opaque", data: null, body: null });
  });

  it("accepts a sidecar beside equal metadata, and names each field that differs (SCH-02, ART-10)", () => {
    const front = `---\n${metadata}---\n`;
    expect(read("a.md", front, { sidecar: metadata }).id).toBe("PLN-1");
    expect(read("a.md", "---\ntitle: Plan\n---\n", { sidecar: metadata }).status).toBe("approved");
    const other = 'id: PLN-1\nversion: "1.1"\nstatus: draft\n';
    expect(faults("a.md", front, { sidecar: other })).toEqual([
      "SCHEMA_METADATA_CONFLICT a.md.meta.yaml:2:10",
      "SCHEMA_METADATA_CONFLICT a.md.meta.yaml:3:9",
    ]);
    expect(faults("a.md", front, { sidecar: "- x\n" })).toEqual(["SCHEMA_VIOLATION a.md.meta.yaml:1:1"]);
    expect(faults("a.md", front, { sidecar: "id: [\n" })[0]).toContain("SCHEMA_YAML_SYNTAX a.md.meta.yaml");
  });

  it("accepts exactly draft, review and approved (SCH-03)", () => {
    for (const status of ["draft", "review", "approved"])
      expect(read("a.md", `---\nid: x\nversion: "1"\nstatus: ${status}\n---\n`).status).toBe(status);
    for (const status of ["final", "promoted", "Approved"])
      expect(faults("a.md", `---\nid: x\nversion: "1"\nstatus: ${status}\n---\n`)).toEqual(["SCHEMA_VIOLATION a.md:4:9"]);
  });

  it("places missing and mistyped metadata (SCH-01)", () => {
    expect(faults("a.md", '---\nid: x\nversion: "1"\n---\n')).toEqual(["SCHEMA_MISSING_METADATA a.md:2:1"]);
    expect(faults("a.md", "---\nid: x\nversion: 1.0\nstatus: draft\n---\n")).toEqual([
      "SCHEMA_NUMBER_TEXT a.md:3:10",
      "SCHEMA_VIOLATION a.md:3:10",
    ]);
    expect(faults("a.md", '---\nid: x\nversion: "1"\nstatus: draft\ntags: [ok, ":bad"]\n---\n')).toEqual(["SCHEMA_TAG a.md:5:12"]);
    expect(faults("x_be_backlog.yaml", "version: '1'\ngenerated_at: 2026-01-01T00:00:00Z\ntasks: []\n")).toEqual([
      "SCHEMA_MISSING_METADATA x_be_backlog.yaml:1:1",
    ]);
  });

  it("says what was expected and, where the value tells, what to do (SCH-11)", () => {
    const hints = (text: string, registry = shipped): (string | undefined)[][] => {
      const result = parseArtifact(input("a.md", text), registry);
      return result.findings.filter(({ severity }) => severity === "error").map(({ expected, hint }) => [expected, hint]);
    };
    expect(hints('---\nid: x\nversion: "1"\nstatus: aproved\n---\n')).toEqual([
      ['"draft", "review", "approved"', 'Did you mean "approved"?'],
    ]);
    expect(hints('---\nid: x\nversion: "1"\nstatus: shipped\n---\n')).toEqual([['"draft", "review", "approved"', undefined]]);
    expect(hints("---\nid: x\nversion: 1.5\nstatus: draft\n---\n")).toEqual([["string", "Put it in quotes"]]);
    expect(hints('---\nid: x\nversion: "1"\nstatus: draft\ntitle:\nowners: ann\n---\n')).toEqual([
      ["string", "Give it a value, or remove the key"],
      ["array", undefined],
    ]);
    const closed = registryOf({
      name: "closed",
      include: ["a.md"],
      schema: { type: "object", properties: {}, additionalProperties: false },
    });
    expect(hints("---\nextra: 1\n---\n", closed)).toEqual([[undefined, "Remove it, or correct its spelling"]]);
  });

  it("judges a shipped kind by its schema, and says each thing once (SCH-10)", () => {
    const backlog = (status: string, points: string): string =>
      `version: '1'\ngenerated_at: 2026-01-01T00:00:00Z\nmetadata: {id: BL-1, version: '1', status: ${status}}\ntasks:\n  - {id: T-1, title: Do, effort_points: ${points}, priority: P1, dependencies: []}\n`;
    const artifact = read("cycle/be_backlog.yaml", backlog("draft", "3"));
    expect(artifact).toMatchObject({ kind: "be_backlog", id: "BL-1", version: "1", status: "draft" });
    expect(faults("cycle/be_backlog.yaml", backlog("final", "many"))).toEqual([
      "SCHEMA_VIOLATION cycle/be_backlog.yaml:3:44",
      "SCHEMA_VIOLATION cycle/be_backlog.yaml:5:41",
    ]);
    expect(read("rules/artifact_routing.mdc", `---\n${metadata}kind: artifact_routing\nspec:\n  routes: []\n---\nProse\n`).kind).toBe(
      "artifact_routing",
    );
    expect(faults("rules/artifact_routing.mdc", `---\n${metadata}spec:\n  routs: []\n---\n`).length).toBeGreaterThan(0);
  });

  it("lets the metadata name the kind, over any glob, and names an unknown one", () => {
    const registry = registryOf({ name: "note", include: ["notes/*.md"] }, { name: "memo", include: [] });
    expect(read("notes/a.md", "---\nkind: memo\n---\n", { registry }).kind).toBe("memo");
    expect(read("notes/a.md", "---\nkind: whatever\n---\n", { registry }).kind).toBe("note");
    expect(faults("a.md", `---\n${metadata}kind: be_backlogs\n---\n`)).toEqual(["SCHEMA_KIND a.md:8:7"]);
  });

  it("says that a document of no kind is not governed", () => {
    expect(faults("README.md", "# Hello\n")).toEqual(["SCHEMA_NO_KIND README.md:null:null"]);
    expect(faults("../a.md", "x")).toEqual(["SCHEMA_PATH ../a.md:null:null"]);
  });

  it("reads a user's own kind from where its definition says (SCH-10)", () => {
    const registry = registryOf({
      name: "kep",
      include: ["keps/**/kep.yaml"],
      fields: { id: "/kep-number", version: "/latest-milestone", owners: "/authors", status: "/status", tags: "/labels" },
      statuses: { implemented: "approved", provisional: "draft" },
      schema: { type: "object", properties: { "kep-number": { type: ["string", "integer"] } }, required: ["title"] },
      references: [{ field: "/see-also/*", by: "path", ignore: ["n/a", "https://*"], severity: "warning" }],
    });
    const text =
      'title: Indexed Job\nkep-number: 0034\nlatest-milestone: 1.10\nauthors: ["@a", null]\nstatus: implemented\nlabels: {Risk: Low}\nsee-also:\n  - n/a\n  - https://example.org\n  - /keps/b\n  -\n';
    expect(read("keps/a/kep.yaml", text, { registry })).toMatchObject({
      kind: "kep",
      id: "0034",
      version: "1.10",
      status: "approved",
      title: "Indexed Job",
      owners: ["@a"],
      tags: [{ key: "Risk", value: "Low" }],
      references: [{ target: "/keps/b", by: "path", kinds: [], line: 10, column: 5, severity: "warning" }],
    });
    expect(read("keps/a/kep.yaml", "title: x\nstatus: withdrawn\n", { registry })).toMatchObject({
      id: "keps/a/kep.yaml",
      status: null,
      version: null,
    });
    expect(faults("keps/a/kep.yaml", "kep-number: []\n", { registry })).toEqual([
      "SCHEMA_VIOLATION keps/a/kep.yaml:1:1",
      "SCHEMA_VIOLATION keps/a/kep.yaml:1:13",
    ]);
  });

  it("takes fields from the path, and requires metadata where the kind does", () => {
    const path = (part: "stem" | "name" | "directory" | "path"): string =>
      read("adr/0001-x.draft.md", "", { registry: registryOf({ name: "adr", include: ["adr/*"], fields: { id: { path: part } } }) }).id;
    expect([path("stem"), path("name"), path("directory"), path("path")]).toEqual([
      "0001-x",
      "0001-x.draft.md",
      "adr",
      "adr/0001-x.draft.md",
    ]);
    const registry = registryOf({ name: "adr", include: ["adr/*"], requireMetadata: true });
    expect(faults("adr/a.md", "", { registry })).toEqual(["SCHEMA_MISSING_METADATA adr/a.md:1:1"]);
    expect(faults("adr/a.md", "---\nid: x\nstatus: odd\n---\n", { registry })).toEqual([
      "SCHEMA_MISSING_METADATA adr/a.md:2:1",
      "SCHEMA_MISSING_METADATA adr/a.md:2:1",
    ]);
    expect(read("adr/a.txt", "", { registry, sidecar: metadata })).toMatchObject({ kind: "adr", id: "PLN-1", status: "approved" });
    expect(faults("adr/a.txt", "", { registry, sidecar: 'id: 7\nversion: "1"\nstatus: draft\n' })).toEqual([
      "SCHEMA_VIOLATION adr/a.txt.meta.yaml:1:5",
    ]);
  });

  it("reads rule files of a user's kind in the line dialect", () => {
    const registry = registryOf({
      name: "rule",
      include: ["rules/*.mdc"],
      frontMatter: "line",
      fields: { id: { path: "stem" }, title: "/description" },
    });
    expect(read("rules/ts.mdc", '---\ndescription: "TypeScript"\nglobs: **/*.ts\n---\nUse it.\n', { registry })).toMatchObject({
      id: "ts",
      title: "TypeScript",
      data: { globs: "**/*.ts" },
    });
  });
});
