import type { JsonObject } from "@gov/schema";
import { createRedactor, type Redactor } from "../redact/create-redactor.ts";
import { toAttributes } from "./to-attributes.ts";
import type { TracedSpan } from "./tracing.ts";

/**
 * Creates an observer that notes what the other packages tell, such as `index.changed`, on the span that is active; without one nothing is noted. It fits the option
 * `observer` of every package.
 *
 * @param options.activeSpan - `trace.getActiveSpan` of `@opentelemetry/api`.
 * @param options.redactor - Goes over every field before it leaves. @default `createRedactor()`, every detector
 */
export function createSpanObserver(options: {
  readonly activeSpan: () => Pick<TracedSpan, "addEvent"> | undefined;
  readonly redactor?: Redactor | undefined;
}): { readonly event: (name: string, fields: JsonObject) => void } {
  const { activeSpan, redactor = createRedactor() } = options;
  return { event: (name, fields) => void activeSpan()?.addEvent(`gov.${name}`, toAttributes(fields, redactor)) };
}
