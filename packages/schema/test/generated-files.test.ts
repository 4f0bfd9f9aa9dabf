import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { JsonValue } from "@gov/schema";
import { compileUserSchema, shippedKinds } from "@gov/schema";
import { documentSchemas } from "@gov/schema/documents";
import { describe, expect, it } from "vitest";
import { generatedFiles, jsonSchemaOf } from "../scripts/generated-files.ts";
import { sampleOf } from "./document-samples.ts";

const source = fileURLToPath(new URL("../src/", import.meta.url));

describe("generatedFiles()", () => {
  it("gives the bytes that are committed (SCH-07)", () => {
    const files = generatedFiles();
    for (const [path, text] of files) expect(readFileSync(source + path, "utf8") === text, `${path}: run "pnpm generate"`).toBe(true);
    expect(readdirSync(`${source}json`).map((name) => `json/${name}`)).toEqual(
      [...files.keys()].filter((path) => path.startsWith("json/")).sort(),
    );
  });

  it("needs no code generation and no schema library at run time", () => {
    const code = readFileSync(`${source}validate/validators.gen.ts`, "utf8");
    expect(code).not.toMatch(/\brequire\(|new Function|\beval\b/);
    expect([...code.matchAll(/^import .* from "(.*)";$/gm)].map((match) => match[1])).toEqual(["../internal/schema-runtime.ts"]);
  });
});

describe("documentSchemas", () => {
  it("have one source file for each kind and version, without a rule that no JSON Schema could say (SCH-07, SCH-17)", () => {
    const files = readdirSync(`${source}documents`);
    const named = documentSchemas.map(({ kind, version }) => `${kind.replaceAll("_", "-")}-v${String(version)}.ts`);
    expect(named.filter((name) => !files.includes(name))).toEqual([]);
    const ruled = files.filter((name) =>
      /\.(?:refine|superRefine|check|transform|overwrite|pipe|catch)\(|\bz\.(?:preprocess|custom|coerce|lazy)\b/.test(
        readFileSync(`${source}documents/${name}`, "utf8"),
      ),
    );
    expect(ruled).toEqual([]);
  });
});

describe("json/*.json", () => {
  it("is a self-contained JSON Schema 2020-12 per kind, which any validator can use (SCH-08, SCH-17)", () => {
    expect([...new Set(documentSchemas.map((document) => document.kind))].sort()).toEqual([...shippedKinds]);
    for (const document of documentSchemas) {
      const schema = jsonSchemaOf(document);
      expect(schema["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
      expect(schema["$id"]).toBe(`urn:gov:schema:${document.kind}:${String(document.version)}`);
      expect(referencesOf(schema).filter((reference) => !reference.startsWith("#"))).toEqual([]);
      const compiled = compileUserSchema(schema);
      expect(compiled.findings, document.kind).toEqual([]);
      expect(compiled.ok && compiled.value(sampleOf(document.kind, document.version)), document.kind).toEqual([]);
      expect(compiled.ok && compiled.value([]).length, document.kind).toBeGreaterThan(0);
    }
  });
});

function referencesOf(value: JsonValue): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === "$ref" && typeof item === "string" ? [item] : referencesOf(item)));
}
