import { describe, expect, it } from "vitest";
import { entriesOf, expandPattern } from "../src/entries.ts";
import { esmConsumer, commonJsConsumer } from "../src/strict-consumer.ts";
import { missingTargets, unfitFiles } from "../src/tarballs.ts";

const entries = entriesOf("@gov/schema", {
  ".": { "@gov/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
  "./json/*.json": "./src/json/*.json",
  "./package.json": "./package.json",
});

describe("entriesOf()", () => {
  it("takes what a consumer without special conditions gets", () => {
    expect(entries.map(({ specifier, kind, target }) => [specifier, kind, target])).toEqual([
      ["@gov/schema", "code", "./dist/index.js"],
      ["@gov/schema/json/*.json", "pattern", "./src/json/*.json"],
      ["@gov/schema/package.json", "data", "./package.json"],
    ]);
  });

  it("refuses an entry that only the workspace can resolve", () => {
    expect(() => entriesOf("@gov/x", { ".": { "@gov/source": "./src/index.ts" } })).toThrow('its export "." has no default target');
  });
});

describe("expandPattern()", () => {
  it("names each packed file the pattern stands for", () => {
    const files = ["src/json/b-v1.json", "src/json/a-v1.json", "src/json/a.ts", "src/other.json"];
    expect(expandPattern(entries[1]!, files)).toEqual(["@gov/schema/json/a-v1.json", "@gov/schema/json/b-v1.json"]);
  });
});

describe("esmConsumer()", () => {
  it("uses every entry, pattern files included", () => {
    const text = esmConsumer(entries, new Map([["@gov/schema", ["src/json/a-v1.json"]]]));
    expect(text).toContain('import * as _gov_schema from "@gov/schema";');
    expect(text).toContain('import _gov_schema_json_a_v1_json from "@gov/schema/json/a-v1.json" with { type: "json" };');
    expect(text).toContain("used: readonly object[] = [_gov_schema, _gov_schema_json_a_v1_json, _gov_schema_package_json]");
  });

  it("has a CommonJS twin for the code entries", () => {
    expect(commonJsConsumer(entries)).toContain('import _gov_schema = require("@gov/schema");');
  });
});

describe("missingTargets()", () => {
  it("names what a build should have made", () => {
    expect(missingTargets({ entries, bin: { gov: "./dist/bin.js" } }, ["package.json"])).toEqual(["dist/bin.js", "dist/index.js"]);
  });
});

describe("unfitFiles()", () => {
  it("names what is missing and what does not belong", () => {
    expect(unfitFiles(["LICENSE", "package.json", "dist/index.js", "vectors/a.json", ".env", "src/a.test.ts"])).toEqual([
      "it lacks README.md",
      "it carries .env",
      "it carries src/a.test.ts",
    ]);
  });
});
