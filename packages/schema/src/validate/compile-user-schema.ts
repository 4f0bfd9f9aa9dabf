import type { ErrorObject, ValidateFunction } from "ajv";
import type { Finding, Result, Severity } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { compileLinearPattern } from "../internal/linear-pattern.ts";
import { newAjv } from "../internal/load-ajv.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { type SchemaIssue, toSchemaIssues } from "./schema-issue.ts";
import { isStandardSchema, judgeByStandardSchema, type StandardSchema } from "./standard-schema.ts";

/**
 * Compiles a user's JSON Schema (2020-12) into a function that returns every issue of a value; `format` is checked. A validator of the Standard Schema
 * specification (zod, valibot, arktype and others) is taken in its place, as long as it answers at once.
 * Patterns run on a linear-time engine, and a `$ref` reaches only into the schema itself or into `schemas`: nothing is ever fetched.
 * What the schema says but nobody understands (an unknown keyword or format) is a warning in the result.
 *
 * @param schema - the schema; it is not changed.
 * @param schemas - other schemas it may refer to, by their URI.
 * @example Judge documents by a schema of one's own
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileUserSchema } from "@gov/schema";
 *
 * const compiled = compileUserSchema({ type: "object", required: ["owner"], properties: { owner: { type: "string" } } });
 * assert.ok(compiled.ok);
 * assert.deepEqual(compiled.value({ owner: 7 }).map((issue) => issue.pointer), ["/owner"]);
 * ```
 */
export function compileUserSchema(
  schema: JsonObject | StandardSchema,
  schemas: ReadonlyMap<string, JsonObject> = new Map(),
): Result<(data: JsonValue) => readonly SchemaIssue[]> {
  if (isStandardSchema(schema)) return { ok: true, value: judgeByStandardSchema(schema), findings: [] };
  const dialect = schema["$schema"];
  if (typeof dialect === "string" && !/^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/.test(dialect)) {
    return refusal([finding("error", `Cannot use a schema written for "${dialect}"`, "JSON Schema 2020-12")]);
  }
  const warnings: Finding[] = [];
  const remark = (...text: readonly unknown[]): void =>
    void warnings.push(
      finding(
        "warning",
        `Schema: ${text
          .map(String)
          .join(" ")
          .replace(/^strict mode: /, "")}`,
      ),
    );
  try {
    const ajv = newAjv({
      allErrors: true,
      ownProperties: true,
      strict: false,
      strictSchema: "log",
      code: { regExp: Object.assign(compileLinearPattern, { code: "linear" }) },
      logger: { log: remark, warn: remark, error: remark },
    });
    for (const format of formatsOf([schema, ...schemas.values()])) {
      if (Object.hasOwn(ajv.formats, format)) continue;
      ajv.addFormat(format, true);
      remark(`format "${format}" is not checked`);
    }
    for (const [uri, other] of schemas) ajv.addSchema(structuredClone(other), uri);
    const own = structuredClone(schema) as Record<string, unknown>;
    if (ajv.validateSchema(own) !== true) return refusal(invalidSchema(ajv.errors ?? []));
    const validate = ajv.compile(own);
    return { ok: true, value: (data) => judge(validate, data), findings: warnings };
  } catch (error) {
    return refusal([finding("error", `Cannot compile the schema: ${reason(error)}`)]);
  }
}

// A schema that refers to itself without taking a step into the data never ends; that is an issue, never a pass.
function judge(validate: ValidateFunction, data: JsonValue): readonly SchemaIssue[] {
  try {
    return validate(data) ? [] : toSchemaIssues(validate.errors ?? []);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ pointer: "", keyword: "$ref", message: "The schema refers to itself without end", expected: undefined }];
  }
}

function formatsOf(value: JsonValue, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== "object" || value === null) return found;
  for (const [key, item] of Object.entries(value)) {
    if (key === "format" && typeof item === "string") found.add(item);
    else if (!["const", "enum", "default", "examples"].includes(key)) formatsOf(item, found);
  }
  return found;
}

function invalidSchema(errors: readonly ErrorObject[]): readonly Finding[] {
  return toSchemaIssues(errors).map((issue) =>
    finding("error", `Schema is invalid at "${issue.pointer}": ${issue.message}`, issue.expected),
  );
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return "unknown reason";
  const reference = /^can't resolve reference (\S+)/.exec(error.message)?.[1];
  return reference === undefined ? error.message : `"$ref" to "${reference}" leads to no given schema, and nothing is fetched`;
}

function finding(severity: Severity, message: string, expected?: string): Finding {
  return makeFinding("SCHEMA_INVALID_SCHEMA", message, { path: null, severity, expected });
}

function refusal(findings: readonly Finding[]): { readonly ok: false; readonly findings: readonly Finding[] } {
  return { ok: false, findings };
}
