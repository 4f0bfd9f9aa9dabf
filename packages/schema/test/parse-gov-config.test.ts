import { describe, expect, it } from "vitest";
import {
  checkDocuments,
  defaultDocuments,
  defaultReadLimits,
  defaultRules,
  type GovConfig,
  govConfigFiles,
  parseGovConfig,
  registryFromConfig,
} from "@gov/schema";
import { govConfigV1, kindConfigV1 } from "@gov/schema/documents";
import { govConfigKeys } from "../src/internal/config-keys.ts";

const config = (text: string): ReturnType<typeof parseGovConfig> => parseGovConfig({ path: "gov.yaml", bytes: Buffer.from(text) });
const faults = (text: string): string[] =>
  config(text).findings.map(({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? "" : ` (${hint})`}`);

function read(text: string): GovConfig {
  const result = config(text);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}

const kep = `version: 1
preset: governance
documents: { include: ["keps/**/kep.yaml"], exclude: ["keps/NNNN*/**"] }
rules: ["r/*.mdc"]
evidence: { coverage: reports/coverage-summary.json }
verification: { verticals: { keps: ["keps/**"] } }
limits: { max_bytes: 1000, max_depth: 8 }
kinds:
  kep:
    include: ["keps/**/kep.yaml"]
    front_matter: auto
    format: yaml
    schema: schemas/kep.json
    fields: { id: /kep-number, title: /title, owners: /authors, version: { path: directory } }
    statuses: { implemented: approved }
    references: [{ field: /see-also/*, by: path, ignore: ["n/a"], severity: warning }]
    require_metadata: false
`;

describe("parseGovConfig()", () => {
  it("fills in every default", () => {
    expect(read("version: 1\n")).toEqual({
      path: "gov.yaml",
      preset: "be",
      extends: [],
      documents: defaultDocuments,
      kinds: [],
      rules: defaultRules,
      evidence: { coverage: null, issues: null, health: [] },
      log: { store: "file" },
      record: { store: "file", transport: "direct" },
      verticals: {},
      limits: defaultReadLimits,
    });
  });

  it("tells files from packages, and refuses what is neither (SCH-16)", () => {
    expect(read("version: 1\nextends: [../team/rules.yaml, acme-rules, '@acme/rules/sub/strict.yaml']\n")).toMatchObject({
      extends: [
        { type: "file", source: "../team/rules.yaml" },
        { type: "package", name: "acme-rules", path: "rulebook.yaml" },
        { type: "package", name: "@acme/rules", path: "sub/strict.yaml" },
      ],
    });
    for (const source of ["/etc/x", "@acme", "acme/../x", "acme/.hidden", "./a\\\\b", "https://x/y", "~/x"])
      expect([
        source,
        parseGovConfig({ path: "gov.yaml", bytes: new TextEncoder().encode(`version: 1\nextends: "${source}"\n`) }).ok,
      ]).toEqual([source, false]);
  });

  it("reads the services whose health gates ask, by address (GAT-29)", () => {
    const health = (address: string) => `version: 1\nevidence:\n  health: ["${address}"]\n`;
    expect(read(health("https://api.example.org")).evidence.health).toEqual(["https://api.example.org"]);
    for (const address of ["api.example.org", "file:///etc/passwd", "https://a b"])
      expect(parseGovConfig({ path: "gov.yaml", bytes: new TextEncoder().encode(health(address)) }).ok).toBe(false);
  });

  it("reads a user's own kind as data (SCH-10)", () => {
    expect(read(kep)).toEqual({
      path: "gov.yaml",
      preset: "governance",
      extends: [],
      documents: { include: ["keps/**/kep.yaml"], exclude: [...defaultDocuments.exclude, "keps/NNNN*/**"] },
      rules: ["r/*.mdc"],
      evidence: { coverage: "reports/coverage-summary.json", issues: null, health: [] },
      log: { store: "file" },
      record: { store: "file", transport: "direct" },
      verticals: { keps: ["keps/**"] },
      limits: { ...defaultReadLimits, maxBytes: 1000, maxDepth: 8 },
      kinds: [
        {
          name: "kep",
          include: ["keps/**/kep.yaml"],
          frontMatter: "auto",
          format: "yaml",
          schema: "schemas/kep.json",
          fields: { id: "/kep-number", title: "/title", owners: "/authors", version: { path: "directory" } },
          statuses: { implemented: "approved" },
          references: [{ field: "/see-also/*", by: "path", ignore: ["n/a"], severity: "warning" }],
          requireMetadata: false,
        },
      ],
    });
  });

  it("reads where the chained log is kept (NFR-05)", () => {
    expect(read("version: 1\nlog: { store: postgres, name: team-a }\n").log).toEqual({ store: "postgres", name: "team-a" });
    expect(read("version: 1\nlog: { store: file }\n").log).toEqual({ store: "file" });
    expect(read("version: 1\nrecord: { store: postgres, name: ours, transport: nats }\n").record).toMatchObject({
      store: "postgres",
      transport: "nats",
    });
    expect(faults("version: 1\nrecord: { store: file, transprt: nats }\n")).toEqual([
      '2:34 Key "transprt" is not known (Did you mean "transport"?)',
    ]);
  });

  it("places every mistake and names the word that may have been meant (SCH-11)", () => {
    expect(faults("version: 1\npresett: be\n")).toEqual(['2:10 Key "presett" is not known (Did you mean "preset"?)']);
    expect(
      faults(
        "version: 1\nkinds:\n  a:\n    inclde: [x]\n    include: [x]\n    fields: { idd: /x }\n    references:\n      - { field: /a, by: id, kind: b }\n",
      ).map((text) => text.replace(/ Key/, "")),
    ).toEqual([
      '4:13 "inclde" is not known (Did you mean "include"?)',
      '6:20 "idd" is not known (Did you mean "id"?)',
      '8:36 "kind" is not known (Did you mean "kinds"?)',
    ]);
    expect(faults("version: 1\npreset: governence\n")).toEqual(['2:9 Preset "governence" does not ship (Did you mean "governance"?)']);
    expect(faults("version: 1\nevidence: { coverage: ../x.json }\n")[0]).toMatch(/^2:23 Cannot use path/);
    expect(faults("version: 1\nlog: { store: postgres }\n")).toEqual([
      "2:6 A log in PostgreSQL has no name (The name tells the logs of one database apart)",
    ]);
    expect(faults("version: 1\nlog: { store: file, name: a }\n")).toEqual(["2:27 A log in a file has no name"]);
    expect(faults("version: 1\nlog: { store: mysql }\n")[0]).toMatch(/^2:15 /);
    expect(faults('version: 1\nverification: { verticals: { a: ["/abs"] } }\n')[0]).toMatch(/^2:34 Cannot use glob/);
    expect(config("version: 1\nverification: { verticals: { ../a: [x] } }\n").ok).toBe(false);
    expect(faults("version: 1\npreset: xyz\n")).toEqual(['2:9 Preset "xyz" does not ship']);
    expect(faults("preset: be\n")[0]).toContain('1:1 Property "version" is missing');
    expect(faults("version: 2\n")[0]).toMatch(/^1:10 /);
    expect(
      faults(
        'version: 1\nrules: ["/abs"]\ndocuments: { include: ["a", "../b"] }\nkinds: { a: { include: [x], schema: ../../secret.json } }\n',
      ).map((text) => text.slice(0, 22)),
    ).toEqual(['2:9 Cannot use glob "/', '3:29 Cannot use glob "', '4:37 Cannot use path "']);
    for (const text of ["", "- a\n", "a: [\n", "version: 1\nversion: 1\n"]) expect(config(text).ok, text).toBe(false);
  });

  it("knows exactly the keys that the schema knows", () => {
    const shapes: Record<string, object> = {
      "": govConfigV1.shape,
      "/documents": govConfigV1.shape.documents.unwrap().shape,
      "/evidence": govConfigV1.shape.evidence.unwrap().shape,
      "/verification": govConfigV1.shape.verification.unwrap().shape,
      "/limits": govConfigV1.shape.limits.unwrap().shape,
      "/log": govConfigV1.shape.log.unwrap().shape,
      "/record": govConfigV1.shape.record.unwrap().shape,
      "/kinds/*": kindConfigV1.shape,
      "/kinds/*/fields": kindConfigV1.shape.fields.unwrap().shape,
      "/kinds/*/references/*": kindConfigV1.shape.references.unwrap().element.shape,
    };
    for (const [pointer, shape] of Object.entries(shapes))
      expect([...(govConfigKeys[pointer] ?? [])].sort(), pointer).toEqual(Object.keys(shape).sort());
    expect(Object.keys(govConfigKeys).sort()).toEqual(Object.keys(shapes).sort());
  });
});

describe("registryFromConfig()", () => {
  it("lists the schema files to read and puts them in force", () => {
    const value = read(kep);
    expect(govConfigFiles(value)).toEqual(["schemas/kep.json"]);
    const registry = registryFromConfig(
      value,
      new Map([["schemas/kep.json", { $id: "urn:test:kep", type: "object", required: ["title"] }]]),
    );
    if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
    const report = checkDocuments(
      [{ path: "keps/sig/1-a/kep.yaml", bytes: Buffer.from("kep-number: 1\nsee-also: [/keps/none, n/a]\n") }],
      registry.value,
    );
    expect(report.findings.map(({ code, severity, line, column }) => `${severity} ${code} ${line}:${column}`)).toEqual([
      "error SCHEMA_VIOLATION 1:1",
      "warning SCHEMA_DANGLING_REFERENCE 2:12",
    ]);
    expect(report.artifacts[0]).toMatchObject({ kind: "kep", id: "1", version: "1-a" });
  });

  it("says which schema file is missing or no schema", () => {
    expect(registryFromConfig(read(kep), new Map()).findings.map(({ code, path }) => [code, path])).toEqual([
      ["SCHEMA_CONFIG", "gov.yaml"],
    ]);
    const broken = registryFromConfig(read(kep), new Map([["schemas/kep.json", { type: "nonsense" }]]));
    expect(broken.ok).toBe(false);
    expect(broken.findings[0]).toMatchObject({ code: "SCHEMA_INVALID_SCHEMA", path: "gov.yaml" });
  });

  it("judges each version of the format of a user's own kind by its own schema, from a file or as it stands (SCH-07)", () => {
    const value = read(
      'version: 1\nkinds:\n  note:\n    include: ["*.json"]\n    schema: { required: [a] }\n    versions:\n      "2": ./schemas/note-v2.json\n      "3": { required: [c] }\n',
    );
    expect(govConfigFiles(value)).toEqual(["schemas/note-v2.json"]);
    const registry = registryFromConfig(value, new Map([["schemas/note-v2.json", { required: ["b"] }]]));
    if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
    const messages = (named: object): readonly string[] =>
      registry.value
        .get("note")
        ?.judge({ ...named })
        .map(({ message }) => message) ?? [];
    expect(messages({})).toEqual(['Property "a" is missing: it is required']);
    expect(messages({ $schema: "urn:gov:schema:note:2" })).toEqual(['Property "b" is missing: it is required']);
    expect(messages({ $schema: "urn:gov:schema:note:3" })).toEqual(['Property "c" is missing: it is required']);
    expect(messages({ $schema: "urn:gov:schema:note:4" })[0]).toContain("4");
    expect(registryFromConfig(value, new Map()).findings.map(({ message }) => message)).toEqual([
      'Kind "note" has no schema: "schemas/note-v2.json" was not read',
    ]);
  });

  it("refuses a version that is none, and the path of one that leaves the folder, where they stand", () => {
    const places = (versions: string): readonly string[] => {
      const text = `version: 1\nkinds:\n  note:\n    include: ["*.json"]\n    versions:\n      ${versions}\n`;
      const { ok, findings } = parseGovConfig({ path: "gov.yaml", bytes: Buffer.from(text) });
      return ok ? [] : [...new Set(findings.map(({ code, line }) => `${code} ${String(line)}`))];
    };
    expect(places('"1": a.json')).toEqual(["SCHEMA_CONFIG 6"]);
    expect(places('"2": ../../b.json')).toEqual(["SCHEMA_CONFIG 6"]);
    expect(places('"2": b.json')).toEqual([]);
  });

  it("takes a schema that stands in the configuration itself", () => {
    const value = read("version: 1\nkinds:\n  a:\n    include: [x.json]\n    schema: { type: object, required: [n] }\n");
    expect(govConfigFiles(value)).toEqual([]);
    const registry = registryFromConfig(value, new Map());
    expect(registry.ok && registry.value.get("a")?.judge({}).length).toBe(1);
  });
});
