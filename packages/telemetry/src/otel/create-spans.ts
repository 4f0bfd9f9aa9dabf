import type { JsonObject } from "@gov/schema";
import { createRedactor, type Redactor } from "../redact/create-redactor.ts";
import { toAttributes } from "./to-attributes.ts";
import type { SpanTracer, TracedSpan } from "./tracing.ts";

/** Options of {@link createSpans}. */
export interface SpansOptions {
  /** What `trace.getTracer("gov")` of `@opentelemetry/api` returns. */
  readonly tracer: SpanTracer;
  /** Goes over every attribute and message before it leaves. @default `createRedactor()`, every detector */
  readonly redactor?: Redactor | undefined;
}

/** Takes note of what is known only at the end, such as an outcome. */
export type NoteFields = (fields: JsonObject) => void;

/** Runs work inside spans; what runs within is a child, as OpenTelemetry's context says. */
export interface Spans {
  /** A command, `gov.command <name>`. */
  readonly command: <T>(name: string, fields: JsonObject, run: (note: NoteFields) => Promise<T>) => Promise<T>;
  /** A gate, `gov.gate <id>`. */
  readonly gate: <T>(id: string, fields: JsonObject, run: (note: NoteFields) => Promise<T>) => Promise<T>;
  /** An append to the bridge, `gov.bridge.append`. */
  readonly bridgeAppend: <T>(fields: JsonObject, run: (note: NoteFields) => Promise<T>) => Promise<T>;
}

/** OpenTelemetry's `SpanStatusCode.ERROR`. */
const failed = 2;

/**
 * Creates the spans of commands, gates and bridge appends (TEL-13). Only a tracer is used, of the shape that `@opentelemetry/api` gives: the SDK, exporters and
 * sampling belong to the application, and without an SDK the spans cost next to nothing. Fields become attributes under `gov.`; an error sets the status and is thrown on,
 * and a span that fails changes nothing of what the work returns or throws.
 *
 * @example Run a gate inside a span
 * ```ts
 * import assert from "node:assert/strict";
 * import { createSpans } from "@gov/telemetry/otel";
 *
 * // An application passes `trace.getTracer("gov")` of `@opentelemetry/api`.
 * const seen = [];
 * const span = { setAttributes() {}, addEvent() {}, recordException() {}, setStatus() {}, end() {} };
 * const tracer = { startActiveSpan: (name, { attributes }, run) => (seen.push([name, attributes]), run(span)) };
 * const outcome = await createSpans({ tracer }).gate("schema_lint", { cycle: "PLN-1" }, async () => "PASS");
 * assert.deepEqual([outcome, seen], ["PASS", [["gov.gate schema_lint", { "gov.gate.id": "schema_lint", "gov.cycle": "PLN-1" }]]]);
 * ```
 */
export function createSpans({ tracer, redactor = createRedactor() }: SpansOptions): Spans {
  const within = <T>(name: string, fields: JsonObject, run: (note: NoteFields) => Promise<T>): Promise<T> =>
    tracer.startActiveSpan(redactor.redactText(name).text, { attributes: toAttributes(fields, redactor) }, async (span) => {
      try {
        return await run((more) => {
          quietly(() => span.setAttributes(toAttributes(more, redactor)));
        });
      } catch (error) {
        quietly(() => {
          fail(span, { error, redactor });
        });
        throw error;
      } finally {
        quietly(() => {
          span.end();
        });
      }
    });
  return {
    command: (name, fields, run) => within(`gov.command ${name}`, { "command.name": name, ...fields }, run),
    gate: (id, fields, run) => within(`gov.gate ${id}`, { "gate.id": id, ...fields }, run),
    bridgeAppend: (fields, run) => within("gov.bridge.append", fields, run),
  };
}

/** What becomes of work does not depend on what can be told of it. */
function quietly(tell: () => unknown): void {
  try {
    tell();
  } catch {
    // A span that fails has nobody else to tell.
  }
}

function fail(span: TracedSpan, { error, redactor }: { readonly error: unknown; readonly redactor: Redactor }): void {
  const message = redactor.redactText(textOf(() => (error instanceof Error ? error.message : error))).text;
  span.recordException({ name: error instanceof Error ? textOf(() => error.name) : "Error", message });
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (typeof code === "string") span.setAttributes({ "error.type": redactor.redactText(code).text });
  span.setStatus({ code: failed, message });
}

/** What was thrown may be anything, and is thrown on whatever can be said of it. */
function textOf(told: () => unknown): string {
  try {
    return String(told());
  } catch {
    return "an error without a text";
  }
}
