import type { ErrorObject } from "ajv";
import type { JsonValue } from "../json.ts";
import { type SchemaIssue, toSchemaIssues } from "./schema-issue.ts";
import * as validators from "./validators.gen.ts";

interface Validator {
  (data: unknown): boolean;
  errors?: null | readonly ErrorObject[];
}

const byKind: ReadonlyMap<string, Validator> = new Map(Object.entries(validators as unknown as Readonly<Record<string, Validator>>));

/** Every kind with a shipped schema, sorted. */
export const shippedKinds: readonly string[] = [...byKind.keys()].sort();

/**
 * Judges data by the shipped JSON Schema of a kind, and returns every reason against it; an empty list means valid.
 * The validators are compiled beforehand: nothing is generated at run time and no schema library is loaded (SCH-10).
 *
 * @returns null when no schema of that name ships.
 * @example Judge the metadata of a document
 * ```ts
 * import assert from "node:assert/strict";
 * import { validateKind } from "@gov/schema";
 *
 * const issues = validateKind("artifact_metadata", { id: "PLN-1", version: "1.0.0", status: "final" });
 * assert.deepEqual(issues?.map((issue) => [issue.pointer, issue.expected]), [["/status", '"draft", "review", "approved"']]);
 * ```
 */
export function validateKind(kind: string, data: JsonValue): readonly SchemaIssue[] | null {
  const validate = byKind.get(kind);
  if (validate === undefined) return null;
  return validate(data) ? [] : toSchemaIssues(validate.errors ?? []);
}
