/** Every code that an exception of this package carries. */
export const schemaErrorCodes = ["SCHEMA_NOT_CANONICAL", "SCHEMA_SARIF_LIMIT"] as const;

/** Code of a {@link SchemaError}; callers switch on it, never on the message. */
export type SchemaErrorCode = (typeof schemaErrorCodes)[number];

/** Every code that a finding of this package carries, sorted. */
export const schemaFindingCodes = [
  "SCHEMA_ALIAS",
  "SCHEMA_ALIAS_LIMIT",
  "SCHEMA_BOM",
  "SCHEMA_CONFIG",
  "SCHEMA_DANGLING_REFERENCE",
  "SCHEMA_DIGEST",
  "SCHEMA_DUPLICATE_ID",
  "SCHEMA_DUPLICATE_KEY",
  "SCHEMA_DURATION",
  "SCHEMA_EMPTY",
  "SCHEMA_EXPRESSION",
  "SCHEMA_EXPRESSION_VALUE",
  "SCHEMA_FRONT_MATTER",
  "SCHEMA_GLOB",
  "SCHEMA_INVALID_SCHEMA",
  "SCHEMA_JSON_SYNTAX",
  "SCHEMA_KIND",
  "SCHEMA_LINE_DIALECT",
  "SCHEMA_LINE_SYNTAX",
  "SCHEMA_METADATA_CONFLICT",
  "SCHEMA_MISSING_METADATA",
  "SCHEMA_NOT_JSON",
  "SCHEMA_NOT_UTF8",
  "SCHEMA_NO_KIND",
  "SCHEMA_NUMBER_TEXT",
  "SCHEMA_ORPHAN_SIDECAR",
  "SCHEMA_PATH",
  "SCHEMA_PATH_COLLISION",
  "SCHEMA_PLAN",
  "SCHEMA_REPORT",
  "SCHEMA_RULE_CONFLICT",
  "SCHEMA_RULE_DEFAULT",
  "SCHEMA_RULE_NOT_APPROVED",
  "SCHEMA_STORY_MAP",
  "SCHEMA_TAG",
  "SCHEMA_TOO_DEEP",
  "SCHEMA_TOO_LARGE",
  "SCHEMA_TRACE",
  "SCHEMA_VERSION",
  "SCHEMA_VIOLATION",
  "SCHEMA_WORK_ITEM",
  "SCHEMA_XML_SYNTAX",
  "SCHEMA_YAML_DIFFERS",
  "SCHEMA_YAML_EDIT",
  "SCHEMA_YAML_KEY",
  "SCHEMA_YAML_STREAM",
  "SCHEMA_YAML_SYNTAX",
  "SCHEMA_YAML_TAG",
] as const;

/** Code of a finding that this package makes. */
export type SchemaFindingCode = (typeof schemaFindingCodes)[number];

/** Thrown where a value cannot be handled at all; what is wrong with a document is a finding, never an exception. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  readonly code: SchemaErrorCode;
  /** Structured facts: a JSON pointer, a path. */
  readonly details: Readonly<Record<string, unknown>>;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(
    code: SchemaErrorCode,
    message: string,
    options: {
      readonly details?: Readonly<Record<string, unknown>> | undefined;
      readonly hint?: string | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.hint = options.hint;
  }
}

/** True for a {@link SchemaError}, also one from another copy of this package. */
export function isSchemaError(error: unknown): error is SchemaError {
  return (
    error instanceof Error &&
    error.name === "SchemaError" &&
    "code" in error &&
    (schemaErrorCodes as readonly unknown[]).includes(error.code)
  );
}
