import type { JsonObject } from "@gov/schema";
import { canonicalJson } from "@gov/schema/canonical";
import type { Redactor } from "../redact/create-redactor.ts";
import type { SpanAttributes } from "./tracing.ts";

/** Returns fields as attributes under `gov.`, redacted; what is no plain value becomes canonical JSON, and null is left out. */
export function toAttributes(fields: JsonObject, redactor: Redactor): SpanAttributes {
  const redacted = redactor.redactJson(fields) as JsonObject;
  return Object.fromEntries(
    Object.entries(redacted).flatMap(([name, value]) => {
      if (value === null) return [];
      return [[`gov.${name}`, typeof value === "object" ? canonicalJson(value) : value]];
    }),
  );
}
