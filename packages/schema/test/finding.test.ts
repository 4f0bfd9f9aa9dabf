import {
  compareFindings,
  type Finding,
  isSchemaError,
  SchemaError,
  schemaErrorCodes,
  schemaFindingCodes,
  summarizeFindings,
} from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function finding(over: Partial<Finding> = {}): Finding {
  return { code: "A", severity: "error", message: "m", path: "a", line: 1, column: 1, ...over };
}

const any: fc.Arbitrary<Finding> = fc.record({
  code: fc.constantFrom("A", "B"),
  severity: fc.constantFrom("error", "warning", "note"),
  message: fc.constantFrom("m", "n"),
  path: fc.constantFrom(null, "a", "é", "Z"),
  line: fc.constantFrom(null, 1, 10),
  column: fc.constantFrom(null, 1, 2),
});

describe("summarizeFindings()", () => {
  it("counts each severity", () => {
    const list = [finding(), finding({ severity: "note" }), finding({ severity: "warning" }), finding({ severity: "note" })];
    expect(summarizeFindings(list)).toEqual({ errors: 1, warnings: 1, notes: 2 });
    expect(summarizeFindings([])).toEqual({ errors: 0, warnings: 0, notes: 0 });
  });
});

describe("compareFindings()", () => {
  it("gives one order, whatever the order before (sorting is by code unit)", () => {
    const list = [
      finding({ path: "é" }),
      finding({ path: "a", line: 10 }),
      finding({ path: "a", line: 2 }),
      finding({ path: "Z" }),
      finding({ path: null }),
    ];
    expect([...list].sort(compareFindings).map((item) => [item.path, item.line])).toEqual([
      [null, 1],
      ["Z", 1],
      ["a", 2],
      ["a", 10],
      ["é", 1],
    ]);
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (findings) => {
        const keys = (items: readonly Finding[]) => [...items].sort(compareFindings).map(({ severity: _, ...key }) => key);
        expect(keys([...findings].reverse()).map((key) => [key.path ?? "", key.line ?? 0, key.column ?? 0, key.code, key.message])).toEqual(
          keys(findings).map((key) => [key.path ?? "", key.line ?? 0, key.column ?? 0, key.code, key.message]),
        );
      }),
      { numRuns: 500, seed: 20_240_115 },
    );
  });
});

describe("isSchemaError()", () => {
  it("knows the error by its name and code, also from another copy of the package", () => {
    const error = new SchemaError("SCHEMA_NOT_CANONICAL", "Cannot write", { details: { pointer: "/a" }, hint: "h", cause: 1 });
    expect([error.name, error.code, error.details, error.hint, error.cause]).toEqual([
      "SchemaError",
      "SCHEMA_NOT_CANONICAL",
      { pointer: "/a" },
      "h",
      1,
    ]);
    expect(isSchemaError(error)).toBe(true);
    expect(isSchemaError(Object.assign(new Error("x"), { name: "SchemaError", code: "SCHEMA_NOT_CANONICAL" }))).toBe(true);
    expect([isSchemaError(new Error("x")), isSchemaError({ name: "SchemaError", code: "SCHEMA_NOT_CANONICAL" })]).toEqual([false, false]);
  });
});

describe("schemaErrorCodes and schemaFindingCodes", () => {
  it("are sorted, unique and prefixed", () => {
    for (const codes of [schemaErrorCodes, schemaFindingCodes] as readonly (readonly string[])[]) {
      expect([...new Set(codes)].sort()).toEqual([...codes]);
      for (const code of codes) expect(code).toMatch(/^SCHEMA_[A-Z0-9_]+$/);
    }
  });
});
