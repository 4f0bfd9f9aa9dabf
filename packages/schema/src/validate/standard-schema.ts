import type { JsonValue } from "../json.ts";
import type { SchemaIssue } from "./schema-issue.ts";

/** Why a {@link StandardSchema} refuses a value. */
export interface StandardSchemaIssue {
  readonly message: string;
  /** Keys from the root to the place, bare or in segments. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a {@link StandardSchema} says of a value: without `issues` it is valid. */
export type StandardSchemaResult =
  { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly StandardSchemaIssue[] };

/**
 * A validator of any library that follows the Standard Schema specification, version 1 (zod, valibot, arktype and others); only what is needed of it
 * is named here, so nothing is depended on.
 */
export interface StandardSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardSchemaResult | Promise<StandardSchemaResult>;
  };
}

/** True for a validator of the Standard Schema specification; some libraries make theirs functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || !("~standard" in value)) return false;
  const standard = value["~standard"];
  return typeof standard === "object" && standard !== null && "validate" in standard && typeof standard.validate === "function";
}

/**
 * Turns a validator into a function that gives every issue of a value. What it makes of the value (defaults, other types) is not used. A validator
 * that throws, or answers later, refuses the value: what cannot be judged here and now is not valid.
 */
export function judgeByStandardSchema(schema: StandardSchema): (data: JsonValue) => readonly SchemaIssue[] {
  const { validate, vendor } = schema["~standard"];
  const refuse = (message: string): readonly SchemaIssue[] => [{ pointer: "", keyword: vendor, message, expected: undefined }];
  return (data) => {
    let result: ReturnType<typeof validate>;
    try {
      result = validate(structuredClone(data));
    } catch (error) {
      return refuse(`The ${vendor} validator threw: ${error instanceof Error ? error.message : "no error"}`);
    }
    if (result instanceof Promise) {
      // Its answer comes too late to count, and must not end the process either.
      result.catch(() => undefined);
      return refuse(`The ${vendor} validator answers later: only one that answers at once can be used`);
    }
    return (result.issues ?? []).map(({ message, path = [] }) => ({
      pointer: path.map((segment) => `/${escapeKey(typeof segment === "object" ? segment.key : segment)}`).join(""),
      keyword: vendor,
      message,
      expected: undefined,
    }));
  };
}

function escapeKey(key: PropertyKey): string {
  return String(key).replaceAll("~", "~0").replaceAll("/", "~1");
}
