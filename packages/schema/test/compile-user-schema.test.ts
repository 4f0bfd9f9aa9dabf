import { compileUserSchema, type JsonObject, type JsonValue, type SchemaIssue } from "@gov/schema";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";

function issues(schema: JsonObject, data: JsonValue, schemas?: ReadonlyMap<string, JsonObject>): readonly SchemaIssue[] {
  const compiled = compileUserSchema(schema, schemas);
  if (!compiled.ok) throw new Error(compiled.findings.map((finding) => finding.message).join("; "));
  return compiled.value(data);
}

function refusal(schema: JsonObject): string {
  const compiled = compileUserSchema(schema);
  if (compiled.ok) throw new Error("Expected a refusal");
  return compiled.findings.map((finding) => `${finding.code} ${finding.message}`).join("; ");
}

describe("compileUserSchema()", () => {
  it("gives every issue with its pointer, keyword and what was expected (SCH-10)", () => {
    const schema = {
      type: "object",
      required: ["owner"],
      additionalProperties: false,
      properties: {
        owner: true,
        status: { enum: ["open", 1] },
        "a/b": { type: ["string", "null"], minLength: 2 },
        points: { type: "integer", minimum: 1 },
        when: { type: "string", format: "date" },
        list: { type: "array", minItems: 1, items: { const: "x" } },
        id: { type: "string", pattern: "^PLN-[0-9]+$", maxLength: 8 },
        either: { anyOf: [{ type: "string" }, { type: "array" }] },
      },
    };
    const data = { status: "shut", "a/b": "x", points: 0, when: "soon", list: ["y"], id: "plan", either: 7, "odd~": 1 };
    expect(issues(schema, data).map(({ pointer, keyword, expected }) => [pointer, keyword, expected])).toEqual([
      ["", "required", 'property "owner"'],
      ["/odd~0", "additionalProperties", undefined],
      ["/status", "enum", '"open", 1'],
      ["/a~1b", "minLength", "at least 2 characters long"],
      ["/points", "minimum", ">= 1"],
      ["/when", "format", "a well-formed date"],
      ["/list/0", "const", '"x"'],
      ["/id", "pattern", "text that matches ^PLN-[0-9]+$"],
      ["/either", "anyOf", "string, or array"],
    ]);
    expect(issues(schema, data).map((issue) => issue.message)).toContain('Item 0 of "list" must be "x"');
    expect(issues(schema, { owner: 1, list: [], id: "PLN-123456789" }).map((issue) => issue.expected)).toEqual([
      "a list of at least 1",
      "at most 8 characters long",
    ]);
    expect(issues({ type: "array", maxItems: 0, propertyNames: { pattern: "^a" } }, [1])[0]?.message).toBe(
      "The document must be a list of at most 0",
    );
    expect(issues({ propertyNames: { pattern: "^a" } }, { b: 1 }).map((issue) => issue.pointer)).toContain("/b");
    expect(issues({ oneOf: [{ minimum: 3 }, { minimum: 5 }] }, 7)[0]?.message).toBe("The document must be one of the allowed forms");
    expect(issues({ dependentRequired: { a: ["b"] }, not: { required: ["c"] } }, { a: 1, c: 1 }).map((issue) => issue.keyword)).toEqual([
      "not",
      "dependentRequired",
    ]);
  });

  it("matches patterns in linear time, with Unicode classes, and refuses what has no linear form", () => {
    const took = stopwatch();
    expect(issues({ pattern: "^(a+)+$" }, `${"a".repeat(50_000)}!`)).toHaveLength(1);
    expect(took()).toBeLessThan(5_000);
    expect(issues({ pattern: "^\\p{Letter}+\\p{Script=Greek}\\u0041\\/\\\\$" }, "éαA/\\")).toEqual([]);
    expect(issues({ patternProperties: { "^x": false, "^y": true } }, { x1: 1, y1: 1, z: 1 }).map((issue) => issue.pointer)).toEqual([
      "/x1",
    ]);
    for (const pattern of ["(?!x)", "(a)\\1", "("]) expect(refusal({ pattern }), pattern).toContain("SCHEMA_INVALID_SCHEMA");
  });

  it("fetches nothing: a reference leads to a schema given, or is a finding", () => {
    const schemas = new Map([["https://example.com/task.json", { type: "object", required: ["id"] }]]);
    expect(issues({ items: { $ref: "https://example.com/task.json" } }, [{}], schemas).map((issue) => issue.pointer)).toEqual(["/0"]);
    expect(refusal({ $ref: "https://example.com/elsewhere.json" })).toContain(
      '"https://example.com/elsewhere.json" leads to no given schema',
    );
    expect(refusal({ $ref: "#/$defs/missing" })).toContain("leads to no given schema");
  });

  it("refuses a schema that is none, or of another dialect, and warns of what it does not understand", () => {
    expect(refusal({ type: "text" })).toContain('invalid at "/type"');
    expect(refusal({ $schema: "http://json-schema.org/draft-07/schema#" })).toContain("draft-07");
    const compiled = compileUserSchema({ requird: ["id"], properties: { site: { format: "site-name" } }, enum: [{ format: "no" }] });
    expect(compiled.ok && compiled.findings.map((finding) => [finding.severity, finding.message])).toEqual([
      ["warning", 'Schema: format "site-name" is not checked'],
      ["warning", 'Schema: unknown keyword: "requird"'],
    ]);
  });

  it("is not fooled by property names of Object.prototype, and changes no argument", () => {
    const schema: JsonObject = JSON.parse(
      '{"required":["constructor"],"properties":{"toString":{"type":"string"},"n":{"default":1}}}',
    ) as JsonObject;
    const data = JSON.parse('{"__proto__":{"admin":true}}') as JsonObject;
    const before = JSON.stringify([schema, data]);
    expect(issues(schema, data).map((issue) => issue.expected)).toEqual(['property "constructor"']);
    expect(JSON.stringify([schema, data])).toBe(before);
  });

  it("turns a schema without end into an issue", () => {
    expect(issues({ $ref: "#" }, 1).map((issue) => issue.keyword)).toEqual(["$ref"]);
  });
});
