import {
  type JsonObject,
  type JsonValue,
  migrateDocument,
  parseDocument,
  planMigration,
  type SchemaMigration,
  schemaMigrations,
  shippedVersions,
  shippedKinds,
  validateKind,
} from "@gov/schema";
import { documentSchemas } from "@gov/schema/documents";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleOf } from "./document-samples.ts";

const path = "kpi_config.yaml";
const options = { kind: "kpi_config" };
const seed = `# Key figures of the sources
kpis:
  cycle_time: # lower is better
    formula: "avg(task_completion_time)"
    unit: days
    target: 3
  planning_velocity: { formula: sum(completed_points) / cycle_days, unit: points_per_day, target: 1.5 }
  'scope_variance_pct': { formula: "a / b", unit: percentage, target: 0 }
note: kept
`;

function migrated(text: string, more: Partial<Parameters<typeof migrateDocument>[1]> = {}, file = path): string {
  const result = migrateDocument({ path: file, text }, { ...options, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value.text;
}

function dataOf(text: string, file = path): JsonValue {
  const parsed = parseDocument({ path: file, bytes: Buffer.from(text) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.value.data;
}

describe("migrateDocument()", () => {
  it("changes only what the step says: comments, order, quotes and unknown fields stay (SCH-07)", () => {
    expect(migrated(seed)).toBe(`# Key figures of the sources
kpis:
  cycle_time: # lower is better
    formula: "avg(task_completion_time)"
    unit: days
    target: 3
    direction: at_most
  planning_velocity: { formula: sum(completed_points) / cycle_days, unit: points_per_day, target: 1.5, "direction": "at_least" }
  'scope_variance_pct': { formula: "a / b", unit: percentage, target: 0, "direction": "exactly" }
note: kept
$schema: urn:gov:schema:kpi_config:2
`);
  });

  it("is idempotent, and what is in its version keeps its bytes", () => {
    const once = migrated(seed);
    expect(migrated(once)).toBe(once);
    expect(migrated(seed, { to: 1 })).toBe(seed);
  });

  it("keeps CRLF, a byte order mark and JSON as they are, and reads front matter", () => {
    const crlf = `\ufeff${seed.replaceAll("\n", "\r\n")}`;
    expect(migrated(crlf)).toBe(`\ufeff${migrated(seed).replaceAll("\n", "\r\n")}`);
    const json = '{\n  "kpis": { "k": { "formula": "a", "unit": "b", "target": 1 } }\n}\n';
    const moved = migrated(json, {}, "kpi_config.json");
    expect(JSON.parse(moved)).toEqual({
      kpis: { k: { formula: "a", unit: "b", target: 1, direction: "at_least" } },
      $schema: "urn:gov:schema:kpi_config:2",
    });
    const markdown = migrated(`---\n${seed}---\n# Body\n`, {}, "kpis.md");
    expect(markdown).toBe(`---\n${migrated(seed)}---\n# Body\n`);
  });

  it("keeps the comments of JSON, and what they could be taken for in YAML", () => {
    const json = '// of the seed\n{ /* all */\n  "kpis": { /* "k": */ "k": { "formula": "a", "unit": "b", "target": 1, } // one\n  }\n}\n';
    expect(migrated(json, {}, "kpi_config.jsonc")).toBe(
      '// of the seed\n{ /* all */\n  "kpis": { /* "k": */ "k": { "formula": "a", "unit": "b", "target": 1, "direction": "at_least", } // one\n  }, "$schema": "urn:gov:schema:kpi_config:2"\n}\n',
    );
  });

  it("writes JSON where a step of one's own replaces all of a JSON document", () => {
    const whole = {
      kind: "team",
      from: 1,
      summary: "",
      up: () => [{ op: "set", pointer: "", value: { b: [1] } } as const],
      down: () => [],
    };
    expect(migrated('{ "a": 1 }\n', { kind: "team", migrations: [whole] }, "team.json")).toBe('{"b":[1]}\n');
  });

  it("keeps a name that is a path, and takes the name away on the way back to version 1", () => {
    const named = `$schema: ./node_modules/@gov/schema/json/kpi-config-v1.json\n${seed}`;
    expect(migrated(named).split("\n")[0]).toBe("$schema: ./node_modules/@gov/schema/json/kpi-config-v2.json");
    expect(migrated(migrated(named), { to: 1 })).toBe(named);
    expect(migrated(migrated(seed), { to: 1 })).toBe(seed);
  });

  it("refuses by name what is newer than known, of another kind, invalid, or not there", () => {
    const codes = (
      text: string,
      more: Partial<Parameters<typeof migrateDocument>[1]> = {},
      file = path,
    ): readonly (readonly string[])[] => {
      const result = migrateDocument({ path: file, text }, { ...options, ...more });
      expect(result.ok).toBe(false);
      return result.findings.map(({ code, message }) => [code, message]);
    };
    expect(codes("$schema: urn:gov:schema:kpi_config:9\nkpis: {}\n")).toEqual([
      ["SCHEMA_VERSION", '"/$schema" Format 9 of "kpi_config" is newer than 2, the newest known here'],
    ]);
    expect(codes("$schema: urn:gov:schema:be_backlog:1\nkpis: {}\n")[0]?.[1]).toMatch(/"be_backlog" is named, but the document is of kind/);
    expect(codes("kpis: []\n")[0]).toEqual(["SCHEMA_VIOLATION", '"/kpis" Property "kpis" must be object']);
    expect(codes(seed, { to: 3 })).toEqual([["SCHEMA_VERSION", 'Format 3 of "kpi_config" is not known here']]);
    expect(codes("a: b\n", { kind: "no_such_kind" })[0]?.[0]).toBe("SCHEMA_VERSION");
    expect(codes("- a\n")[0]?.[1]).toMatch(/must be a mapping/);
    expect(codes("text", {}, "a.bin")[0]?.[1]).toMatch(/Only YAML, JSON/);
    expect(codes("a: [", {})[0]?.[0]).toBe("SCHEMA_YAML_SYNTAX");
  });

  it("writes nothing where an edit would change something else with it", () => {
    const shared = "base: &k { formula: a, unit: b, target: 1 }\nkpis: { one: *k }\n";
    const result = migrateDocument({ path, text: shared }, options);
    expect([result.ok, result.findings.map(({ code }) => code)]).toEqual([false, ["SCHEMA_YAML_EDIT"]]);
  });
});

describe("planMigration()", () => {
  it("takes a kind of one's own that is named like a member of every object, and says why a step leads nowhere", () => {
    const kinds = ["constructor", "__proto__", "toString"];
    const plans = kinds.map((kind) => {
      const step = (value: unknown) => ({
        ...{ kind, from: 1, summary: "", up: () => [{ op: "set" as const, pointer: "/a", value: value as number }], down: () => [] },
      });
      const refused = planMigration(kind, {}, { migrations: [step(Number.NaN)] }).findings.map(({ message }) => message);
      return [planMigration(kind, {}, { migrations: [step(1)] }).ok, refused];
    });
    expect(plans).toEqual(
      kinds.map((kind) => [
        true,
        [`The migration of "${kind}" from format 1 to 2 leads nowhere: cannot set "/a": the value is NaN, which no document holds`],
      ]),
    );
  });

  it("explains each step with its edits and changes nothing", () => {
    const data = dataOf(seed) as JsonObject;
    const before = structuredClone(data);
    const plan = planMigration("kpi_config", data);
    if (!plan.ok) throw new Error("no plan");
    expect(data).toEqual(before);
    expect([plan.value.from, plan.value.to, plan.value.steps.length]).toEqual([1, 2, 1]);
    expect(plan.value.steps[0]?.summary).toMatch(/on which side of its target/);
    expect(plan.value.steps[0]?.edits.map(({ pointer }) => pointer)).toEqual([
      "/$schema",
      "/kpis/cycle_time/direction",
      "/kpis/planning_velocity/direction",
      "/kpis/scope_variance_pct/direction",
    ]);
  });

  it("takes the steps of a kind of one's own, several at once, and judges each version", () => {
    const rename = (from: string, to: string) => (data: JsonObject) => [
      { op: "set" as const, pointer: `/${to}`, value: data[from] as JsonValue },
      { op: "remove" as const, pointer: `/${from}` },
    ];
    const step = (from: number, old: string, name: string): SchemaMigration => ({
      ...{ kind: "team", from, summary: `Renames ${old} to ${name}` },
      ...{ up: rename(old, name), down: rename(name, old) },
    });
    const migrations = [step(1, "lead", "owner"), step(2, "owner", "owners")];
    const judge = (value: JsonValue, version: number) =>
      Object.hasOwn(value as JsonObject, ["lead", "owner", "owners"][version - 1] ?? "")
        ? []
        : [{ pointer: "", keyword: "required", message: "no owner", expected: undefined }];
    const text = "lead: ann # since May\n";
    const moved = migrateDocument({ path: "team.yaml", text }, { kind: "team", migrations, judge });
    expect(moved.ok && moved.value.text).toBe("$schema: urn:gov:schema:team:3\nowners: ann\n");
    const none = planMigration("team", { nobody: 1 }, { migrations, judge });
    expect(none.findings.map(({ code }) => code)).toEqual(["SCHEMA_VIOLATION"]);
    const gap = planMigration("team", { lead: "ann" }, { migrations: [...migrations, step(4, "a", "b")], judge, to: 4 });
    expect(gap.findings.map(({ message }) => message)).toEqual(['No migration leads from format 3 of "team" to 4']);
    const broken: SchemaMigration = { ...step(1, "lead", "owner"), up: () => [{ op: "remove", pointer: "/none" }] };
    expect(planMigration("team", { lead: "ann" }, { migrations: [broken], judge }).findings[0]?.message).toMatch(/leads nowhere/);
  });
});

describe("schemaMigrations", () => {
  it("has one step between every two versions that follow each other (SCH-07)", () => {
    const expected = shippedKinds.flatMap((kind) =>
      shippedVersions(kind)
        .slice(0, -1)
        .map((from) => [kind, from]),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(schemaMigrations.map(({ kind, from }) => [kind, from])).toEqual(expected);
    expect(documentSchemas.map(({ kind, version }) => `${kind} ${String(version)}`)).toEqual(
      shippedKinds.flatMap((kind) => shippedVersions(kind).map((version) => `${kind} ${String(version)}`)),
    );
  });

  const name = fc.constantFrom("cycle_time", "velocity", "a/b", "m~n", "scope_variance_pct", "über", "k 1");
  const kpi = fc.record({
    formula: fc.constantFrom("a / b", "sum(x)"),
    unit: fc.constantFrom("days", "percentage", "points_per_day"),
    target: fc.integer({ min: -5, max: 5 }),
  });
  const older: Readonly<Record<string, fc.Arbitrary<JsonObject>>> = {
    kpi_config: fc.record({ kpis: fc.dictionary(name, kpi), note: fc.string() }),
  };

  it.each(schemaMigrations.map((migration) => [`${migration.kind} ${String(migration.from)}`, migration] as const))(
    "goes up and back without loss, and up again to the same: %s",
    (_, { kind, from }) => {
      const arbitrary = fc.oneof(fc.constant(sampleOf(kind, from)), older[kind] ?? fc.constant(sampleOf(kind, from)));
      fc.assert(
        fc.property(arbitrary, (data) => {
          const up = planMigration(kind, data, { to: from + 1 });
          if (!up.ok) throw new Error(JSON.stringify(up.findings));
          expect(validateKind(kind, up.value.data)).toEqual([]);
          const down = planMigration(kind, up.value.data, { to: from });
          if (!down.ok) throw new Error(JSON.stringify(down.findings));
          expect(down.value.data).toEqual(data);
          const again = planMigration(kind, down.value.data, { to: from + 1 });
          expect(again.ok && again.value.data).toEqual(up.value.data);
          const text = `${JSON.stringify(data, null, 2)}\n`;
          const there = migrateDocument({ path: "a.json", text }, { kind, to: from + 1 });
          expect(there.ok && JSON.parse(there.value.text)).toEqual(up.value.data);
        }),
        { numRuns: 60 },
      );
      const newer = planMigration(kind, sampleOf(kind, from + 1), { to: from });
      expect(newer.ok && validateKind(kind, newer.value.data)).toEqual([]);
    },
  );
});

describe("validateKind() of versions", () => {
  it("judges every version that is readable by its own schema, at once (SCH-07)", () => {
    const v1 = sampleOf("kpi_config", 1);
    const v2 = sampleOf("kpi_config", 2);
    expect([validateKind("kpi_config", v1), validateKind("kpi_config", v2)]).toEqual([[], []]);
    expect(validateKind("kpi_config", v2, { version: 1 })?.length).toBeGreaterThan(0);
    expect(validateKind("kpi_config", v1, { version: 2 })?.map(({ message }) => message)).toContain(
      'Property "$schema" is missing: it is required',
    );
    expect(validateKind("kpi_config", v1, { version: 9 })).toBeNull();
    expect([shippedVersions("kpi_config"), shippedVersions("nothing")]).toEqual([[1, 2], []]);
  });

  it("refuses a format newer than known by its name, whether $schema or a mark of its own says so", () => {
    const said = (kind: string, data: JsonObject): readonly (readonly (string | undefined)[])[] =>
      (validateKind(kind, data) ?? []).map(({ pointer, keyword, message, expected }) => [pointer, keyword, message, expected]);
    expect(said("gov_config", { version: 2 })).toEqual([
      ["/version", "version", 'Format 2 of "gov_config" is newer than 1, the newest known here', "at most 1"],
    ]);
    expect(said("planning_event", { version: "1.10.0" })[0]?.[2]).toBe(
      'Format 1.10.0 of "planning_event" is newer than 1.0.0, the newest known here',
    );
    expect(said("be_backlog", { $schema: "https://x.example/json/be-backlog-v7.json" })[0]?.[2]).toMatch(
      /^Format 7 of "be_backlog" is newer/,
    );
    // What is no mark is judged by the schema, as ever.
    for (const version of ["0.9.0", "one", 0, null])
      expect(said("planning_event", { version })[0]?.[1], String(version)).not.toBe("version");
    expect(validateKind("be_backlog", { ...sampleOf("be_backlog", 1), $schema: "https://json-schema.org/draft/2020-12/schema" })).toEqual(
      [],
    );
    expect(validateKind("be_backlog", { ...sampleOf("be_backlog", 1), $schema: "./mine-v3.json" })).toEqual([]);
  });
});
