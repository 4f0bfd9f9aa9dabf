import { createRequire } from "node:module";
import type * as zlib from "node:zlib";
import { SchemaError } from "../errors.ts";
import { compareFindings, type Finding, type Severity } from "../finding.ts";
import { type JsonObject } from "../json.ts";
import { fingerprintFindings, type SourceLine } from "./fingerprint-findings.ts";

const require = createRequire(import.meta.url);

/** The program that made the findings, as a report names it. */
export interface ReportTool {
  readonly name: string;
  readonly version?: string | undefined;
  /** Where people read about it. */
  readonly informationUri?: string | undefined;
}

/** What a report says of one code. */
export interface ReportRule {
  /** One sentence: what is wrong. */
  readonly description?: string | undefined;
  /** What to do about it. */
  readonly help?: string | undefined;
  readonly helpUri?: string | undefined;
  /** Weight the code has in general. @default the heaviest among its findings */
  readonly severity?: Severity | undefined;
}

/** Options of {@link renderSarif}. */
export interface RenderSarifOptions {
  readonly tool: ReportTool;
  /** What is known of codes; codes without findings are left out. @default nothing */
  readonly rules?: ReadonlyMap<string, ReportRule> | undefined;
  /** Text of the line a finding stands at; makes fingerprints sharper. @default none is at hand */
  readonly sourceLine?: SourceLine | undefined;
  /** File that findings without one are placed in: GitHub refuses results without a place. @default they get none */
  readonly fallbackPath?: string | undefined;
  /** Name under which code scanning keeps this analysis apart from others of the repository. @default the name of the tool */
  readonly category?: string | undefined;
}

/** What GitHub code scanning accepts in one file; it refuses the whole upload above. */
export const sarifLimits: {
  readonly runs: number;
  readonly resultsPerRun: number;
  readonly description: number;
  /** Of the file once compressed, as it is uploaded. */
  readonly compressedBytes: number;
} = { runs: 20, resultsPerRun: 25_000, description: 1024, compressedBytes: 10_000_000 };

/**
 * Writes findings as a SARIF 2.1.0 log that GitHub code scanning takes: sorted, with fingerprints that survive line shifts, columns in
 * UTF-16 code units and paths relative to `%SRCROOT%`. More findings than one run may hold continue in further runs, each with a category of
 * its own, because runs of one category are refused; nothing is ever left out. Descriptions of rules are shortened to what GitHub takes.
 *
 * @throws {@link SchemaError} `SCHEMA_SARIF_LIMIT` when there are more findings than 20 runs of 25,000 hold, or the log has more than 10 MB once compressed.
 * @example Write a log
 * ```ts
 * import assert from "node:assert/strict";
 * import { renderSarif } from "@gov/schema/findings";
 *
 * const finding = { code: "A", severity: "error", message: "Wrong", path: "a b.md", line: 3, column: 1 } as const;
 * const log = JSON.parse(renderSarif([finding], { tool: { name: "gov" } }));
 * assert.equal(log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri, "a%20b.md");
 * ```
 */
export function renderSarif(findings: readonly Finding[], options: RenderSarifOptions): string {
  const { runs: maxRuns, resultsPerRun } = sarifLimits;
  const count = Math.max(1, Math.ceil(findings.length / resultsPerRun));
  if (count > maxRuns) {
    const message = `Cannot write SARIF: ${String(findings.length)} findings are more than the ${String(maxRuns * resultsPerRun)} that GitHub takes`;
    throw new SchemaError("SCHEMA_SARIF_LIMIT", message, {
      details: { findings: findings.length, limit: maxRuns * resultsPerRun },
      hint: "Check fewer documents at once, and upload each log under a category of its own",
    });
  }
  const prints = fingerprintFindings(findings, { sourceLine: options.sourceLine });
  const ordered = findings
    .map((finding, index) => ({ finding, print: prints[index] ?? "" }))
    .sort((a, b) => compareFindings(a.finding, b.finding));
  const runs = Array.from({ length: count }, (_, index) =>
    runOf(ordered.slice(index * resultsPerRun, (index + 1) * resultsPerRun), index, options),
  );
  const log = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs };
  const text = `${JSON.stringify(log, null, 2)}\n`;
  requireUploadable(text);
  return text;
}

// JSON never grows by compression, so that most logs need none to be known as small enough, nor zlib to be loaded.
function requireUploadable(text: string): void {
  const limit = sarifLimits.compressedBytes;
  if (Buffer.byteLength(text) <= limit) return;
  const { gzipSync } = require("node:zlib") as typeof zlib;
  const compressedBytes = gzipSync(text).length;
  if (compressedBytes <= limit) return;
  const message = `Cannot write SARIF: the log has ${String(compressedBytes)} bytes once compressed, more than the ${String(limit)} that GitHub takes`;
  throw new SchemaError("SCHEMA_SARIF_LIMIT", message, {
    details: { compressedBytes, limit },
    hint: "Check fewer documents at once, and upload each log under a category of its own",
  });
}

type Printed = { readonly finding: Finding; readonly print: string };

function runOf(printed: readonly Printed[], part: number, options: RenderSarifOptions): JsonObject {
  const { tool, rules = new Map<string, ReportRule>(), category = tool.name, fallbackPath } = options;
  const codes = [...new Set(printed.map(({ finding }) => finding.code))].sort();
  const indexes = new Map(codes.map((code, index) => [code, index]));
  const heaviest = heaviestByCode(printed);
  return {
    tool: {
      driver: {
        name: tool.name,
        ...(tool.version === undefined ? {} : { version: tool.version }),
        ...(tool.informationUri === undefined ? {} : { informationUri: tool.informationUri }),
        rules: codes.map((code) => ruleOf(code, rules.get(code) ?? {}, heaviest.get(code) ?? "warning")),
      },
    },
    automationDetails: { id: part === 0 ? `${category}/` : `${category}-part-${String(part + 1)}/` },
    columnKind: "utf16CodeUnits",
    results: printed.map((entry) => resultOf(entry, indexes.get(entry.finding.code) ?? 0, fallbackPath ?? null)),
  };
}

function ruleOf(code: string, rule: ReportRule, heaviest: Severity): JsonObject {
  const { description, help, helpUri, severity = heaviest } = rule;
  return {
    id: code,
    ...(description === undefined
      ? {}
      : { shortDescription: { text: shortened(description) }, fullDescription: { text: shortened(description) } }),
    ...(help === undefined ? {} : { help: { text: help } }),
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: severity },
  };
}

// Code points stay whole.
function shortened(text: string): string {
  if (text.length <= sarifLimits.description) return text;
  return `${text.slice(0, sarifLimits.description - 1).replace(/\p{Surrogate}$/u, "")}…`;
}

function resultOf({ finding, print }: Printed, ruleIndex: number, fallbackPath: string | null): JsonObject {
  const { code, severity, path, line, column } = finding;
  const place = path ?? fallbackPath;
  const region = path === null || line === null ? {} : { region: { startLine: line, ...(column === null ? {} : { startColumn: column }) } };
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: messageOf(finding) },
    ...(place === null
      ? {}
      : { locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(place), uriBaseId: "%SRCROOT%" }, ...region } }] }),
    // GitHub reads the first name only; the second says whose algorithm it is.
    partialFingerprints: { primaryLocationLineHash: print, "govFinding/v1": print },
  };
}

/** The message with what is expected and what to do. */
export function messageOf({ message, expected, hint }: Finding): string {
  return [message, ...(expected === undefined ? [] : [`Expected: ${expected}`]), ...(hint === undefined ? [] : [hint])].join(". ");
}

/** A relative URI reference (RFC 3986): a first segment with a colon would otherwise read as a scheme, so all are escaped. */
function uriOf(path: string): string {
  return path
    .split("/")
    .map((segment) => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, "\ufffd")))
    .join("/");
}

function heaviestByCode(printed: readonly Printed[]): ReadonlyMap<string, Severity> {
  const weight: Readonly<Record<Severity, number>> = { error: 2, warning: 1, note: 0 };
  const found = new Map<string, Severity>();
  for (const { finding } of printed) {
    const known = found.get(finding.code);
    if (known === undefined || weight[finding.severity] > weight[known]) found.set(finding.code, finding.severity);
  }
  return found;
}
