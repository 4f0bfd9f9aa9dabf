import type { JsonObject, JsonValue } from "@gov/schema";
import { canonicalJson } from "@gov/schema/canonical";
import type { Redactor } from "../redact/create-redactor.ts";
import type { SpanAttributes } from "./tracing.ts";

/** Returns fields as attributes under `gov.`, redacted; what is no plain value becomes JSON, canonical where it can be, and null is left out. */
export function toAttributes(fields: JsonObject, redactor: Redactor): SpanAttributes {
  const redacted = redactor.redactJson(fields) as JsonObject;
  return Object.fromEntries(
    Object.entries(redacted).flatMap(([name, value]) => {
      if (value === null) return [];
      return [[`gov.${name}`, typeof value === "object" ? textOf(value) : value]];
    }),
  );
}

/** What has no canonical form, such as a path with half a surrogate pair, shall not keep work from being done. */
function textOf(value: JsonValue): string {
  try {
    return canonicalJson(value);
  } catch {
    return JSON.stringify(value);
  }
}
