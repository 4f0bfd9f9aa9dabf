import type { ErrorObject } from "ajv";
import type { JsonValue } from "../json.ts";

/** One reason why a value does not satisfy a JSON Schema. */
export interface SchemaIssue {
  /** RFC 6901 pointer to the value judged; to the owner for a missing property, to the property itself for one that is not allowed. */
  readonly pointer: string;
  /** The JSON Schema keyword that was not satisfied; `version` when the format of the document is not known here. */
  readonly keyword: string;
  /** What is wrong, naming the property. */
  readonly message: string;
  /** What would have been right, where the keyword says it. */
  readonly expected: string | undefined;
}

/** The code of the finding that an issue becomes: a format that is not known is told from data that do not follow theirs. */
export function issueCode(issue: SchemaIssue): "SCHEMA_VERSION" | "SCHEMA_VIOLATION" {
  return issue.keyword === "version" ? "SCHEMA_VERSION" : "SCHEMA_VIOLATION";
}

type Params = Readonly<Record<string, unknown>>;

/** Turns the validator's errors into issues, in document order; branches of a choice that all failed become one issue. */
export function toSchemaIssues(errors: readonly ErrorObject[]): readonly SchemaIssue[] {
  const choices = errors.filter((error) => error.keyword === "anyOf" || error.keyword === "oneOf");
  const issues: SchemaIssue[] = [];
  for (const error of errors) {
    if (error.keyword === "if" || isImplied(error, errors) || choices.some((choice) => isBranchOf(choice, error))) continue;
    issues.push(choices.includes(error) ? choiceIssue(error, errors) : toIssue(error));
  }
  return issues;
}

function isBranchOf(choice: ErrorObject, error: ErrorObject): boolean {
  return error !== choice && error.instancePath === choice.instancePath && error.schemaPath.startsWith(`${choice.schemaPath}/`);
}

// A value outside an enumeration is often of the wrong type too; the enumeration says more.
function isImplied(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword !== "type") return false;
  const owner = error.schemaPath.slice(0, -"type".length);
  return errors.some((other) => other.instancePath === error.instancePath && [`${owner}enum`, `${owner}const`].includes(other.schemaPath));
}

function choiceIssue(choice: ErrorObject, errors: readonly ErrorObject[]): SchemaIssue {
  const branches = errors.filter((error) => isBranchOf(choice, error)).map((error) => toIssue(error).expected);
  const expected = [...new Set(branches.filter((text) => text !== undefined))].join(", or ");
  const allowed = expected === "" ? "one of the allowed forms" : expected;
  return { ...toIssue(choice), message: `${subject(choice.instancePath)} must be ${allowed}`, expected: allowed };
}

function toIssue(error: ErrorObject): SchemaIssue {
  const { keyword, instancePath } = error;
  const params = error.params as Params;
  switch (keyword) {
    case "required":
    case "dependentRequired": {
      const missing = String(params["missingProperty"]);
      return {
        pointer: instancePath,
        keyword,
        message: `Property "${missing}" is missing: it is required`,
        expected: `property "${missing}"`,
      };
    }
    case "additionalProperties":
    case "unevaluatedProperties": {
      const extra = String(params["additionalProperty"] ?? params["unevaluatedProperty"]);
      return {
        pointer: `${instancePath}/${escapePointer(extra)}`,
        keyword,
        message: `Property "${extra}" is not allowed here`,
        expected: undefined,
      };
    }
    case "propertyNames": {
      const name = String(params["propertyName"]);
      return {
        pointer: `${instancePath}/${escapePointer(name)}`,
        keyword,
        message: `Property name "${name}" is not allowed here`,
        expected: undefined,
      };
    }
    default: {
      const expected = expectation(keyword, params);
      const rule = expected === undefined ? (error.message ?? `must satisfy "${keyword}"`) : `must be ${expected}`;
      return { pointer: instancePath, keyword, message: `${subject(instancePath)} ${rule}`, expected };
    }
  }
}

function expectation(keyword: string, params: Params): string | undefined {
  switch (keyword) {
    case "type":
      return [params["type"]].flat().join(" or ");
    case "enum":
      return (params["allowedValues"] as readonly JsonValue[]).map((value) => JSON.stringify(value)).join(", ");
    case "const":
      return JSON.stringify(params["allowedValue"]);
    case "pattern":
      return `text that matches ${String(params["pattern"])}`;
    case "format":
      return `a well-formed ${String(params["format"])}`;
    case "minLength":
      return `at least ${String(params["limit"])} characters long`;
    case "maxLength":
      return `at most ${String(params["limit"])} characters long`;
    case "minItems":
      return `a list of at least ${String(params["limit"])}`;
    case "maxItems":
      return `a list of at most ${String(params["limit"])}`;
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return `${String(params["comparison"])} ${String(params["limit"])}`;
    default:
      return undefined;
  }
}

function subject(pointer: string): string {
  if (pointer === "") return "The document";
  const name = pointer
    .slice(pointer.lastIndexOf("/") + 1)
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
  return /^[0-9]+$/.test(name)
    ? `Item ${name} of ${subject(pointer.slice(0, pointer.lastIndexOf("/"))).replace(/^Property /, "")}`
    : `Property "${name}"`;
}

function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
