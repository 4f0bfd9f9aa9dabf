import type { Finding, JsonObject, JsonValue } from "@gov/schema";
import { canonicalJson } from "@gov/schema/canonical";
import type { TelemetryFindingCode } from "../finding-codes.ts";
import type { Redactor } from "../redact/create-redactor.ts";
import { formatUtc } from "../timestamps.ts";

/** Levels of a log, lightest first. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

/** Level of a log line. */
export type LogLevel = (typeof logLevels)[number];

/** Version of the Elastic Common Schema whose field names are used. */
export const ecsVersion = "8.11.0";

/** What a log line says. */
export interface LogInput {
  readonly level: LogLevel;
  readonly message: string;
  /** Name of the service or command. */
  readonly service: string;
  /** Epoch milliseconds. */
  readonly epochMs: number;
  /** 32 hexadecimal digits; also the trace id. */
  readonly correlationId?: string | undefined;
  /** More fields, by dotted ECS name, or under `labels.` and `gov.`. @default {} */
  readonly fields?: JsonObject | undefined;
}

/**
 * Returns one line of JSON, without line feed, with the field names of the Elastic Common Schema, so that a log store reads it unasked (TEL-13). Everything
 * passes the redactor first (TEL-11).
 *
 * @example Write a line
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatLogLine } from "@gov/telemetry/metrics";
 * import { createRedactor } from "@gov/telemetry/redact";
 *
 * const line = formatLogLine(
 *   { level: "info", message: "mail ann@example.org", service: "gov", epochMs: 0, fields: { "event.action": "check" } },
 *   { redactor: createRedactor() },
 * );
 * assert.equal(JSON.parse(line)["message"], "mail [redacted:email]");
 * ```
 */
export function formatLogLine(input: LogInput, { redactor }: { readonly redactor: Redactor }): string {
  const { level, message, service, epochMs, correlationId, fields = {} } = input;
  const record: JsonObject = {
    ...fields,
    "@timestamp": formatUtc(epochMs),
    "ecs.version": ecsVersion,
    "log.level": level,
    "service.name": service,
    message,
    ...(correlationId === undefined ? {} : { "trace.id": correlationId }),
  };
  return canonicalJson(redactor.redactJson(record));
}

/** First words of field names that the Elastic Common Schema gives out; ours stand under `gov` and `labels`. */
const fieldSets: ReadonlySet<string> = new Set(
  (
    "agent client cloud container data_stream destination device dns ecs email error event faas file gov group hash host http labels log network observer " +
    "orchestrator organization package process related rule server service source span threat tls trace transaction url user user_agent vulnerability"
  ).split(" "),
);
const base: ReadonlySet<string> = new Set(["@timestamp", "message", "labels", "tags"]);
const required = ["@timestamp", "ecs.version", "log.level", "message"];

/** Finds what is wrong with the fields of a log line: names no log store would understand, missing ones, values of the wrong shape. */
export function lintLogRecord(record: JsonValue): readonly Finding[] {
  const findings: Finding[] = [];
  const note = (message: string): void => {
    const place = { severity: "error" as const, path: null, line: null, column: null };
    findings.push({ code: "TELEMETRY_LOG_FIELD_INVALID" satisfies TelemetryFindingCode, message, ...place });
  };
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    note("A log line must be a JSON object");
    return findings;
  }
  const fields = Object.entries(record as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = new Set(fields.map(([name]) => name));
  for (const name of required) if (!names.has(name)) note(`The field "${name}" is missing`);
  for (const [name, value] of fields) {
    if (base.has(name)) continue;
    if (!/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/.test(name)) note(`The field "${name}" is no dotted lower-case name`);
    else if (!fieldSets.has(name.slice(0, name.indexOf("."))))
      note(`The field "${name}" is in no field set of ECS, nor under "gov" or "labels"`);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      note(`The field "${name}" holds an object: its members need dotted names`);
    if (name.startsWith("labels.") && (typeof value === "object" || value === null)) note(`The label "${name}" must be a plain value`);
  }
  const level = (record as JsonObject)["log.level"];
  if (level !== undefined && !(logLevels as readonly JsonValue[]).includes(level))
    note(`The level ${JSON.stringify(level)} is none of ${logLevels.join(", ")}`);
  return findings;
}
