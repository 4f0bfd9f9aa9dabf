import { checkDocuments, createKindRegistry, parseDocument } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const bytes = (text: string) => new TextEncoder().encode(text);
const notes = (text: string, path = "a.yaml") =>
  parseDocument({ path, bytes: bytes(text) }, { lint: true }).findings.map(({ code, severity, line, column, message }) => [
    code,
    severity,
    line,
    column,
    message,
  ]);

describe("parseDocument() with lint", () => {
  it.each([
    ["2024-01-15", "a date"],
    ["2024-01-15T10:00:00Z", "a point in time"],
    ["2024-01-15 10:00:00 +01:00", "a point in time"],
    ["yes", "the boolean true"],
    ["No", "the boolean false"],
    ["ON", "the boolean true"],
    ["off", "the boolean false"],
    ["y", "the boolean true"],
    ["010", "a number to base 8"],
    ["12:30:45", "a number to base 60"],
    ["0b101", "a number to base 2"],
    ["1_000", "a number"],
    ["0o17", "text"],
    ["1e3", "text"],
    ["=", "the default value"],
  ])("notes that YAML 1.1 readers read %s as %s", (source, other) => {
    const message = `YAML 1.1 readers read ${JSON.stringify(source)} as ${other}`;
    expect(notes(`a: ${source}\n`)).toContainEqual(["SCHEMA_YAML_DIFFERS", "note", 1, 4, message]);
    expect(notes(`---\na: ${source}\n---\n`, "a.md")).toContainEqual(["SCHEMA_YAML_DIFFERS", "note", 2, 4, message]);
    expect(notes(`a: "${source}"\n`)).toEqual([]);
  });

  it.each(["2024-13", "yesterday", "yEs", "nope", "10", "-1.5", "0", "1.10.1", "v1", "true", "null", "~", "a:1", "10:99", "1__", "P1D"])(
    "says nothing of %s, which all read alike",
    (source) => {
      expect(notes(`a: ${source}\n`).filter(([code]) => code === "SCHEMA_YAML_DIFFERS")).toEqual([]);
    },
  );

  it("agrees with a YAML 1.1 reader about which words differ", () => {
    for (const source of [
      "yes",
      "no",
      "on",
      "off",
      "y",
      "n",
      "010",
      "1_000",
      "0b101",
      "0o17",
      "12:30:45",
      "2024-01-15",
      "maybe",
      "10",
      "true",
      "1.5",
      "text",
    ]) {
      const [old, now] = [parse(source, { version: "1.1" }) as unknown, parse(source, { version: "1.2" }) as unknown];
      const differs = String(old) !== String(now) || typeof old !== typeof now;
      expect(
        notes(`a: ${source}\n`).some(([code]) => code === "SCHEMA_YAML_DIFFERS"),
        source,
      ).toBe(differs);
    }
  });

  it("notes every alias, and keys too", () => {
    const text = "on: &a 1\nb: *a\nc: *a\n";
    expect(notes(text).map(([code, , line]) => [code, line])).toEqual([
      ["SCHEMA_YAML_DIFFERS", 1],
      ["SCHEMA_ALIAS", 2],
      ["SCHEMA_ALIAS", 3],
    ]);
  });

  it("is off unless asked for", () => {
    expect(parseDocument({ path: "a.yaml", bytes: bytes("a: yes\n") }).findings).toEqual([]);
    const registry = createKindRegistry({ kinds: [{ name: "note", include: ["*.yaml"] }] });
    if (!registry.ok) throw new Error("registry");
    const input = { path: "a.yaml", bytes: bytes("a: yes\n") };
    expect(checkDocuments([input], registry.value).findings).toEqual([]);
    expect(checkDocuments([input], registry.value, { lint: true }).findings).toMatchObject([
      { code: "SCHEMA_YAML_DIFFERS", line: 1, column: 4 },
    ]);
  });
});
