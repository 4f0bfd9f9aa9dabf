import { type DocumentFormat } from "../artifact.ts";
import { type Finding, type Position, type Result } from "../finding.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { decodeText } from "./decode-text.ts";
import { documentFormat, pathExtension } from "./document-format.ts";
import { pointerSegments } from "./json-pointer.ts";
import { readJson } from "./json-document.ts";
import { readLineDialect } from "./line-dialect.ts";
import { type ReadLimits, resolveReadLimits } from "./read-limits.ts";
import { type FrontMatterSplit, splitFrontMatter } from "./split-front-matter.ts";
import { createTextPositions } from "./text-positions.ts";
import { readYaml } from "./yaml-document.ts";

/** A document as it arrives: where it stands, relative to the governed root, and its exact bytes. */
export interface DocumentInput {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** How front matter is written: YAML, `key: value` lines, or YAML where it is YAML and lines where it is not. */
export type FrontMatterDialect = "yaml" | "line" | "auto";

/** Options of {@link parseDocument}. */
export interface ParseDocumentOptions {
  /** Bounds on the document. @default {@link defaultReadLimits} */
  readonly limits?: { readonly [K in keyof ReadLimits]?: ReadLimits[K] | undefined } | undefined;
  /** How the document is written. @default by extension: `.md` `.markdown` `.mdx` `.mdc`, `.yaml` `.yml`, `.json`, else opaque */
  readonly format?: DocumentFormat | undefined;
  /** How front matter is written. @default "auto" for `.mdc`, "yaml" otherwise */
  readonly frontMatter?: FrontMatterDialect | undefined;
}

/** A document after reading. It holds its syntax tree for {@link ParsedDocument.locate}: keep the data, not this. */
export interface ParsedDocument {
  readonly path: string;
  readonly format: DocumentFormat;
  /** What its data was written in; null for opaque documents and Markdown without front matter. */
  readonly dialect: "yaml" | "line" | "json" | null;
  /** Front matter of Markdown (`{}` without one), or the whole YAML or JSON document; null for opaque documents. */
  readonly data: JsonValue;
  /** Text between the fences of the front matter as it stands; null without one. */
  readonly frontMatter: string | null;
  /** Markdown text after the front matter as it stands; null for other formats. */
  readonly body: string | null;
  /** 1-based line at which the body begins; 1 for other formats. */
  readonly bodyLine: number;
  /**
   * Where the value at an RFC 6901 pointer into the data begins; its key where the value is empty, the nearest existing
   * ancestor where it is missing, null in opaque documents. Costs nothing until asked.
   */
  readonly locate: (pointer: string) => Position | null;
  /** The text a YAML scalar was written with (`1.10` where the data says 1.1); null where that is not known. */
  readonly sourceText: (pointer: string) => string | null;
}

const start: Position = { line: 1, column: 1 };

/**
 * Reads one document of any format strictly: every mistake is a finding with its line and column, nothing is evaluated,
 * and hostile input (bombs, deep nesting, huge files, invalid UTF-8) ends at a bound instead of costing memory or stack (SCH-10).
 *
 * @returns The document with its remarks, or every error when it cannot be read.
 * @throws {RangeError} When a limit is out of range.
 * @example Read front matter
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseDocument } from "@gov/schema";
 *
 * const bytes = new TextEncoder().encode("---\nid: PLAN-1\nstatus: draft\n---\n# Plan\n");
 * const result = parseDocument({ path: "plan.md", bytes });
 * assert.ok(result.ok);
 * assert.deepEqual(result.value.data, { id: "PLAN-1", status: "draft" });
 * assert.deepEqual(result.value.locate("/status"), { line: 3, column: 9 });
 * ```
 */
export function parseDocument(input: DocumentInput, options: ParseDocumentOptions = {}): Result<ParsedDocument> {
  const { path, bytes } = input;
  const limits = resolveReadLimits(options.limits);
  const format = options.format ?? documentFormat(path);
  if (bytes.length > limits.maxBytes) {
    const message = `Document has ${bytes.length} bytes: at most ${limits.maxBytes} are read`;
    return { ok: false, findings: [makeFinding("SCHEMA_TOO_LARGE", message, { path, hint: "Split the document, or raise the limit" })] };
  }
  if (format === "opaque") {
    const nowhere = { frontMatter: null, body: null, bodyLine: 1, locate: () => null, sourceText: () => null };
    return { ok: true, value: { path, format, dialect: null, data: null, ...nowhere }, findings: [] };
  }
  const decoded = decodeText(bytes, path);
  if (!decoded.ok) return decoded;
  const reading = { path, format, text: decoded.value, limits };
  const result = format === "markdown" ? parseMarkdown(reading, options) : parseData(reading, format);
  return { ...result, findings: [...decoded.findings, ...result.findings] };
}

interface Reading {
  readonly path: string;
  readonly format: DocumentFormat;
  readonly text: string;
  readonly limits: ReadLimits;
}

function parseData({ path, format, text, limits }: Reading, dialect: "yaml" | "json"): Result<ParsedDocument> {
  const place = createTextPositions(text);
  const yaml = dialect === "yaml" ? readYaml(text, { path, limits, place }) : null;
  if (yaml === null ? text.trim() === "" : yaml.empty && !hasError(yaml.findings)) {
    return { ok: false, findings: [makeFinding("SCHEMA_EMPTY", "Document is empty", { path, at: start, expected: "a value" })] };
  }
  const { data, findings, locate } = yaml ?? readJson(text, { path, limits, place });
  if (hasError(findings)) return { ok: false, findings };
  const value: ParsedDocument = {
    path,
    format,
    dialect,
    data,
    frontMatter: null,
    body: null,
    bodyLine: 1,
    locate: (pointer) => place(locate(pointerSegments(pointer))),
    sourceText: (pointer) => yaml?.sourceText(pointerSegments(pointer)) ?? null,
  };
  return { ok: true, value, findings };
}

function parseMarkdown(reading: Reading, options: ParseDocumentOptions): Result<ParsedDocument> {
  const { path, format, text } = reading;
  const split = splitFrontMatter(text);
  if (split.kind === "unclosed" || split.kind === "foreign") return { ok: false, findings: [brokenFence(split, path)] };
  if (split.kind === "none") {
    const value = { frontMatter: null, body: text, bodyLine: 1, locate: () => start, sourceText: () => null };
    return { ok: true, value: { path, format, dialect: null, data: {}, ...value }, findings: [] };
  }
  const place = createTextPositions(text);
  const source = text.slice(split.start, split.end);
  const dialect = options.frontMatter ?? (pathExtension(path) === "mdc" ? "auto" : "yaml");
  const front = readFrontMatter(source, dialect, { ...reading, place: (offset) => place(offset + split.start) });
  if (front.data === null || hasError(front.findings)) return { ok: false, findings: front.findings };
  const value: ParsedDocument = {
    path,
    format,
    dialect: front.dialect,
    data: front.data,
    frontMatter: source,
    body: text.slice(split.bodyStart),
    bodyLine: place(split.bodyStart).line,
    locate: (pointer) => place(split.start + front.locate(pointerSegments(pointer))),
    sourceText: (pointer) => front.sourceText(pointerSegments(pointer)),
  };
  return { ok: true, value, findings: front.findings };
}

interface FrontMatterReading {
  readonly dialect: "yaml" | "line";
  readonly data: JsonValue;
  readonly findings: readonly Finding[];
  readonly locate: (segments: readonly string[]) => number;
  readonly sourceText: (segments: readonly string[]) => string | null;
}

function readFrontMatter(
  text: string,
  dialect: FrontMatterDialect,
  options: { readonly path: string; readonly limits: ReadLimits; readonly place: (offset: number) => Position },
): FrontMatterReading {
  const yaml = dialect === "line" ? null : readYamlMapping(text, options);
  if (yaml !== null && (dialect === "yaml" || !hasError(yaml.findings))) return yaml;
  const line: FrontMatterReading = { ...readLineDialect(text, options), dialect: "line", sourceText: () => null };
  if (yaml === null) return line;
  const reason = yaml.findings.find((finding) => finding.severity === "error");
  // Nested or broken YAML is no rule file: its own errors say more than the line reader's.
  if (hasError(line.findings) || reason === undefined) return yaml;
  const remark = makeFinding("SCHEMA_LINE_DIALECT", `Front matter is not YAML and is read as "key: value" lines: ${reason.message}`, {
    path: options.path,
    at: reason.line === null || reason.column === null ? null : { line: reason.line, column: reason.column },
    severity: "note",
  });
  return { ...line, findings: [remark, ...line.findings] };
}

function readYamlMapping(
  text: string,
  options: { readonly path: string; readonly limits: ReadLimits; readonly place: (offset: number) => Position },
): FrontMatterReading {
  const yaml = readYaml(text, options);
  if (yaml.empty && !hasError(yaml.findings)) return { ...yaml, dialect: "yaml", data: {} };
  if (hasError(yaml.findings) || isJsonObject(yaml.data)) return { ...yaml, dialect: "yaml" };
  const at = options.place(yaml.locate([]));
  const finding = makeFinding("SCHEMA_FRONT_MATTER", "Front matter is not a mapping", {
    path: options.path,
    at,
    expected: '"key: value" lines',
  });
  return { ...yaml, dialect: "yaml", findings: [...yaml.findings, finding] };
}

function brokenFence(split: Extract<FrontMatterSplit, { readonly kind: "unclosed" | "foreign" }>, path: string): Finding {
  const expected = 'YAML front matter between two lines "---"';
  if (split.kind === "foreign") {
    const message = `Front matter fence "${split.fence}" is not read: only YAML is, and nothing is evaluated`;
    return makeFinding("SCHEMA_FRONT_MATTER", message, { path, at: start, expected });
  }
  const hint = 'Close it with a line "---", or begin the document with an empty line when "---" is a rule';
  return makeFinding("SCHEMA_FRONT_MATTER", "Front matter is never closed", { path, at: start, expected, hint });
}
