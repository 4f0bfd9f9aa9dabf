import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { compileUserSchema, type JsonObject, type JsonValue } from "@gov/schema";
import { corpus } from "./corpora.ts";

interface Group {
  readonly description: string;
  readonly schema: JsonValue;
  readonly tests: readonly { readonly description: string; readonly data: JsonValue; readonly valid: boolean }[];
}

const suite = corpus("json-schema-test-suite");

describe.skipIf(suite === null)("compileUserSchema() on the JSON Schema test suite", () => {
  it("passes at least 95 % of the mandatory cases of 2020-12 (SCH-10)", () => {
    const root = suite as string;
    const remotes = new Map<string, JsonObject>();
    for (const entry of readdirSync(join(root, "remotes"), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const name = relative(join(root, "remotes"), path);
      if (!entry.isFile() || !name.endsWith(".json") || /^(?:v1|draft[34678]|draft2019-09)\//.test(name)) continue;
      remotes.set(`http://localhost:1234/${name}`, JSON.parse(readFileSync(path, "utf8")) as JsonObject);
    }
    const failed: string[] = [];
    let total = 0;
    for (const file of readdirSync(join(root, "tests/draft2020-12")).filter((name) => name.endsWith(".json"))) {
      for (const group of JSON.parse(readFileSync(join(root, "tests/draft2020-12", file), "utf8")) as Group[]) {
        const refersOut = JSON.stringify(group.schema).includes("localhost:1234");
        const schema = typeof group.schema === "boolean" ? { allOf: [group.schema] } : (group.schema as JsonObject);
        const compiled = compileUserSchema(schema, refersOut ? remotes : undefined);
        for (const test of group.tests) {
          total++;
          // In the standard's default vocabulary `format` only annotates; here it is checked, under its own keyword.
          const verdict = compiled.ok && compiled.value(test.data).every((issue) => issue.keyword === "format");
          if (!compiled.ok || verdict !== test.valid)
            failed.push(`${file}: ${group.description}: ${test.description} ${compiled.ok ? "" : String(compiled.findings[0]?.message)}`);
        }
      }
    }
    expect(total).toBeGreaterThan(1200);
    if (process.env["SHOW"]) console.log(total, failed.length, failed.join("\n"));
    expect(1 - failed.length / total).toBeGreaterThanOrEqual(0.95);
  });
});
