import { readdirSync, readFileSync } from "node:fs";
import {
  type JsonObject,
  type JsonValue,
  parseDocument,
  resolveRulebook,
  rulebookHash,
  shippedKinds,
  shippedVersions,
  validateKind,
} from "@gov/schema";
import { digestJson } from "@gov/schema/canonical";
import { presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";

const fixtures = new URL("fixtures/", import.meta.url);
const golden = new URL("golden/", fixtures);
const recorded = (name: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(new URL(name, fixtures), "utf8")) as Readonly<Record<string, string>>;

function read(name: string): JsonValue {
  const parsed = parseDocument({ path: name, bytes: readFileSync(new URL(name, golden)) });
  if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.findings)}`);
  return parsed.value.data;
}

describe("golden documents", () => {
  const names = readdirSync(golden).sort();

  it("are there for every version of every kind that ships (SCH-07, SCH-17)", () => {
    const expected = shippedKinds.flatMap((kind) => shippedVersions(kind).map((version) => `${kind}-v${String(version)}`));
    expect(names.map((name) => name.replace(/\.[a-z]+$/, ""))).toEqual(expected.sort());
    expect(Object.keys(recorded("golden-digests.json")).sort()).toEqual(names);
  });

  it.each(names)("is read for ever, and to the same data: %s", (name) => {
    const [, kind = "", version = ""] = /^([a-z0-9_]+)-v([0-9]+)\./.exec(name) ?? [];
    const data = read(name);
    expect(digestJson(data)).toBe(recorded("golden-digests.json")[name]);
    expect(validateKind(kind, data)).toEqual([]);
    expect(validateKind(kind, data, { version: Number(version) })).toEqual([]);
  });
});

describe("schemas in force", () => {
  it("are the ones recorded: a version that is out never refuses what it took, so a breaking change needs a new version (SCH-07)", () => {
    const folder = new URL("../src/json/", import.meta.url);
    const digests = readdirSync(folder).map((name) => {
      const { description: _, ...schema } = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as JsonObject;
      return [name, digestJson(schema)];
    });
    const hint =
      "A changed schema that takes all it took before is recorded anew in golden-schemas.json; one that does not is a new version";
    expect(Object.fromEntries(digests), hint).toEqual(recorded("golden-schemas.json"));
  });

  it("change the rulebook hash with every version of theirs, and a rule may hold one back (SCH-07, SCH-16)", () => {
    const resolved = resolveRulebook([], presets.be);
    if (!resolved.ok) throw new Error("The preset does not resolve");
    const { schemas } = resolved.value;
    expect(schemas["kpi_config"]).toBe(2);
    const hashes = Object.keys(schemas).map((kind) =>
      rulebookHash({ ...resolved.value, schemas: { ...schemas, [kind]: (schemas[kind] ?? 0) + 1 } }),
    );
    expect(new Set([...hashes, rulebookHash(resolved.value)]).size).toBe(Object.keys(schemas).length + 1);
  });
});
