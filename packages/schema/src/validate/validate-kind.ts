import type { ErrorObject } from "ajv";
import type { JsonValue } from "../json.ts";
import { formatVersionOf } from "./format-version.ts";
import { type SchemaIssue, toSchemaIssues } from "./schema-issue.ts";
import { shippedVersionNumbers } from "./schema-versions.gen.ts";
import * as validators from "./validators.gen.ts";

interface Validator {
  (data: unknown): boolean;
  errors?: null | readonly ErrorObject[];
}

// By `<kind>_v<version>`.
const byName: ReadonlyMap<string, Validator> = new Map(Object.entries(validators as unknown as Readonly<Record<string, Validator>>));
const versionsOf: ReadonlyMap<string, readonly number[]> = new Map(Object.entries(shippedVersionNumbers));

/** Every kind with a shipped schema, sorted. */
export const shippedKinds: readonly string[] = [...versionsOf.keys()].sort();

/** The versions of a kind's format that are read here, oldest first; empty when no schema of that name ships (SCH-07). */
export function shippedVersions(kind: string): readonly number[] {
  return versionsOf.get(kind) ?? [];
}

/** Options of {@link validateKind}. */
export interface ValidateKindOptions {
  /** Version of the format to judge by. @default the one that the data name in `$schema` or mark in `version`, else 1 */
  readonly version?: number | undefined;
}

/**
 * Judges data by the shipped JSON Schema of a kind, and returns every reason against it; an empty list means valid. Every version of a format that
 * ships is judged by its own schema; one that is newer than all of them is refused by its name, with the keyword `version` (SCH-07).
 * The validators are compiled beforehand: nothing is generated at run time and no schema library is loaded (SCH-10).
 *
 * @returns null when no schema of that name, or of the version asked for, ships.
 * @example Judge the metadata of a document
 * ```ts
 * import assert from "node:assert/strict";
 * import { validateKind } from "@gov/schema";
 *
 * const issues = validateKind("artifact_metadata", { id: "PLN-1", version: "1.0.0", status: "final" });
 * assert.deepEqual(issues?.map((issue) => [issue.pointer, issue.expected]), [["/status", '"draft", "review", "approved"']]);
 * ```
 */
export function validateKind(kind: string, data: JsonValue, options: ValidateKindOptions = {}): readonly SchemaIssue[] | null {
  const known = versionsOf.get(kind);
  if (known === undefined) return null;
  const read = options.version === undefined ? formatVersionOf(kind, data, known) : { ok: true as const, version: options.version };
  if (!read.ok) return [read.issue];
  const validate = byName.get(`${kind}_v${String(read.version)}`);
  if (validate === undefined) return null;
  return validate(data) ? [] : toSchemaIssues(validate.errors ?? []);
}
