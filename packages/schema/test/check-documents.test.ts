import { describe, expect, it } from "vitest";
import {
  checkDocument,
  checkDocuments,
  createKindRegistry,
  crossCheck,
  type DocumentInput,
  type KindDefinition,
  type KindRegistry,
} from "@gov/schema";

const input = (path: string, text: string): DocumentInput => ({ path, bytes: Buffer.from(text) });
const plan = (id: string, version = "1", status = "draft"): string => `---\nid: ${id}\nversion: "${version}"\nstatus: ${status}\n---\n`;

function registryOf(...kinds: readonly KindDefinition[]): KindRegistry {
  const registry = createKindRegistry({ kinds });
  if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
  return registry.value;
}

const note: KindDefinition = {
  name: "note",
  include: ["notes/**"],
  references: [
    { field: "/see/*", by: "path", ignore: ["none"] },
    { field: "/by", by: "id", kinds: ["note"], severity: "warning" },
    { field: "/any", by: "id" },
  ],
};

function codes(documents: Readonly<Record<string, string>>, registry = registryOf(note), paths: readonly string[] = []): string[] {
  const inputs = Object.entries(documents).map(([path, text]) => input(path, text));
  const { findings } = checkDocuments(inputs, registry, { paths });
  return findings.map(({ code, severity, path, line, column }) => `${severity} ${code} ${path}:${line}:${column}`);
}

describe("checkDocuments()", () => {
  it("pairs sidecars, counts files, sorts artifacts, and leaves ungoverned documents alone (SCH-02)", () => {
    const inputs = [
      input("b.png", "x"),
      input("README.md", "# Hi\n"),
      input("b.png.meta.yaml", 'id: B\nversion: "1"\nstatus: draft\n'),
      input("a.md", plan("A")),
    ];
    const report = checkDocuments(inputs, registryOf());
    expect(report.files).toBe(4);
    expect(report.artifacts.map(({ path, id }) => [path, id])).toEqual([
      ["a.md", "A"],
      ["b.png", "B"],
    ]);
    expect(report.findings).toEqual([]);
    const noted = checkDocuments(inputs, registryOf(), { noteUnknown: true });
    expect(noted.findings.map(({ code, path }) => [code, path])).toEqual([["SCHEMA_NO_KIND", "README.md"]]);
  });

  it("gives the same report whatever the order of the inputs", () => {
    const inputs = [
      input("notes/a.md", "---\nsee: [gone]\n---\n"),
      input("b.md", plan("X")),
      input("c.md", plan("X")),
      input("C.md", plan("Y")),
      input("x.meta.yaml", "id: 1\n"),
    ];
    const report = checkDocuments(inputs, registryOf(note));
    expect(report.findings.length).toBe(4);
    expect(checkDocuments([...inputs].reverse(), registryOf(note))).toEqual(report);
  });

  it("finds a duplicate id at its place, and lets candidates of one id differ in version or status (ART-12)", () => {
    expect(codes({ "a.md": plan("X"), "b.md": plan("X"), "c.md": plan("X", "2"), "d.md": plan("X", "1", "approved") })).toEqual([
      "error SCHEMA_DUPLICATE_ID b.md:2:5",
    ]);
    expect(codes({ "a.md": plan("X"), "b.txt": "", "b.txt.meta.yaml": 'version: "1"\nid: X\nstatus: draft\n' })).toEqual([
      "error SCHEMA_DUPLICATE_ID b.txt.meta.yaml:2:5",
    ]);
  });

  it("keeps ids of a user's kind apart from others, and unique within it (ART-12)", () => {
    const registry = registryOf(note, { name: "memo", include: ["memos/*"] });
    const documents = {
      "notes/a.yaml": "id: 1\nstatus: draft\n",
      "notes/b.yaml": "x: 0\nid: 1\nstatus: review\n",
      "memos/a.yaml": "id: 1\n",
      "c.md": plan('"1"'),
    };
    expect(codes(documents, registry)).toEqual(["error SCHEMA_DUPLICATE_ID notes/b.yaml:2:5"]);
  });

  it("finds dangling references at their own place, by path and by id (ART-12)", () => {
    const documents = {
      "notes/a.yaml": "id: a\nby: gone\nany: gone\nsee:\n  - none\n  - /docs/missing.md\n  - ../../outside\n",
      "notes/b.yaml": "id: b\nby: plan\nany: plan\nsee: [/docs/x.md, /docs/, docs, ./a.yaml, a.yaml#part, '#here', ../docs/x.md, /extra]\n",
      "docs/x.md": plan("plan"),
    };
    expect(codes(documents, undefined, ["extra/deep/file.md"])).toEqual([
      "warning SCHEMA_DANGLING_REFERENCE notes/a.yaml:2:5",
      "error SCHEMA_DANGLING_REFERENCE notes/a.yaml:3:6",
      "error SCHEMA_DANGLING_REFERENCE notes/a.yaml:6:5",
      "error SCHEMA_DANGLING_REFERENCE notes/a.yaml:7:5",
      "warning SCHEMA_DANGLING_REFERENCE notes/b.yaml:2:5",
    ]);
    const inputs = [input("notes/a.yaml", "see: [/old/plan.md]\n"), input("new/plan.md", plan("p"))];
    const outside = [input("notes/a.yaml", "see: [../../notes/a.yaml]\n")];
    expect(checkDocuments(outside, registryOf(note)).findings[0]?.message).toBe('Reference "../../notes/a.yaml" leaves the root');
    expect(checkDocuments(inputs, registryOf(note)).findings[0]?.hint).toBe('Did you mean "/new/plan.md"?');
  });

  it("takes a reference to the root folder for one, however it is written (ART-12)", () => {
    const inFolder = "see: [/, .., ../, ./.., /notes/.., ../..]\n";
    expect(codes({ "notes/a.yaml": `id: a\n${inFolder}` })).toEqual(["error SCHEMA_DANGLING_REFERENCE notes/a.yaml:2:36"]);
    const top = registryOf({ ...note, include: ["*.yaml"] });
    expect(codes({ "a.yaml": "id: a\nsee: ['.', ./, /, ..]\n" }, top)).toEqual(["error SCHEMA_DANGLING_REFERENCE a.yaml:2:19"]);
  });

  it("refuses a path that is given twice, in one Unicode form or in two, and pairs a sidecar in either (ART-12)", () => {
    const composed = "caf\u00e9";
    const decomposed = "cafe\u0301";
    const inputs = [
      input(`${composed}.md`, plan("X")),
      input(`${decomposed}.md`, plan("Y")),
      input("a.md", plan("A")),
      input("a.md", plan("A", "2")),
      input(`${decomposed}.png`, ""),
      input(`${composed}.png.meta.yaml`, 'id: P\nversion: "1"\nstatus: draft\n'),
      input("b.png", ""),
      input("b.png.meta.yaml", 'id: B\nversion: "1"\nstatus: draft\n'),
      input("b.png.meta.yaml", 'id: C\nversion: "1"\nstatus: draft\n'),
    ];
    const report = checkDocuments(inputs, registryOf(note));
    expect(report.findings.map(({ severity, code, path }) => `${severity} ${code} ${String(path)}`)).toEqual([
      "error SCHEMA_PATH_COLLISION a.md",
      "error SCHEMA_PATH_COLLISION b.png.meta.yaml",
      `error SCHEMA_PATH_COLLISION ${composed}.md`,
    ]);
    expect(report.artifacts.find(({ path }) => path === `${composed}.png`)?.id).toBe("P");
    expect(checkDocuments([...inputs].reverse(), registryOf(note))).toEqual(report);
  });

  it("finds orphaned sidecars, path collisions and unreadable documents, and goes on (SCH-11)", () => {
    const bad = "---\nid: [\n---\n";
    expect(codes({ "gone.png.meta.yaml": "id: x\n", "a.md": plan("A"), "A.md": plan("B"), "bad.md": bad, "x.json": "{,}" })).toEqual([
      "error SCHEMA_PATH_COLLISION a.md:null:null",
      "error SCHEMA_YAML_SYNTAX bad.md:3:1",
      "warning SCHEMA_ORPHAN_SIDECAR gone.png.meta.yaml:null:null",
      "error SCHEMA_JSON_SYNTAX x.json:1:2",
    ]);
  });

  it("equals checking each document by itself and then all against each other, with results kept as JSON", () => {
    const inputs = [
      input("notes/a.yaml", "id: a\nsee: [/gone]\n"),
      input("notes/b.yaml", "id: a\n"),
      input("c.md", "---\nid: c\nstatus: draft\n---\n"),
    ];
    const registry = registryOf(note);
    const kept = JSON.parse(JSON.stringify(inputs.map((document) => checkDocument(document, registry)))) as ReturnType<
      typeof checkDocument
    >[];
    const findings = [...kept.flatMap((document) => document.findings), ...crossCheck(kept, registry)];
    const report = checkDocuments(inputs, registry);
    expect(new Set(findings.map((finding) => JSON.stringify(finding)))).toEqual(
      new Set(report.findings.map((finding) => JSON.stringify(finding))),
    );
    expect(kept.map((document) => document.idPlace)).toEqual([
      { path: "notes/a.yaml", at: { line: 1, column: 5 } },
      { path: "notes/b.yaml", at: { line: 1, column: 5 } },
      { path: "c.md", at: { line: 2, column: 5 } },
    ]);
  });

  it("takes time in proportion to the number of documents", () => {
    const registry = registryOf(note);
    const inputs = Array.from({ length: 4000 }, (_, index) =>
      input(`notes/${index}.yaml`, `id: n${index}\nany: n${(index * 7) % 4000}\nsee: [/notes/${(index * 3) % 4000}.yaml]\n`),
    );
    const time = (count: number): number => {
      const started = performance.now();
      expect(checkDocuments(inputs.slice(0, count), registry).artifacts).toHaveLength(count);
      return performance.now() - started;
    };
    time(500);
    expect(time(4000) / Math.max(time(500), 1)).toBeLessThan(40);
  });
});
