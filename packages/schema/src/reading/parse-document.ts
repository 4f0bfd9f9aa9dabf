import { type DocumentFormat } from "../artifact.ts";
import { type Finding, type Position, type Result } from "../finding.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import { type JsonValue } from "../json.ts";
import { blankJsonc } from "./blank-jsonc.ts";
import { decodeText } from "./decode-text.ts";
import { documentFormat, isJsoncPath, pathExtension } from "./document-format.ts";
import { behindFrontMatter, type HeaderReading, readMailHeaders } from "./header-dialect.ts";
import { pointerSegments } from "./json-pointer.ts";
import { readJson } from "./json-document.ts";
import { readMarkdownHeaders } from "./markdown-headers.ts";
import { type FrontMatterReading, readFrontMatter } from "./read-front-matter.ts";
import { type ReadLimits, resolveReadLimits } from "./read-limits.ts";
import { type FrontMatterSplit, splitFrontMatter } from "./split-front-matter.ts";
import { createTextPositions } from "./text-positions.ts";
import { readYaml } from "./read-yaml.ts";

/** A document as it arrives: where it stands, relative to the governed root, and its exact bytes. */
export interface DocumentInput {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * How a document carries its metadata: front matter of YAML, of `key: value` lines, or of YAML where it is YAML and of lines where it is not (`auto`);
 * `headers` of plain Markdown (`Status: accepted`, a section `## Status`) besides YAML front matter; mail headers before the first empty line (`rfc822`).
 */
export type FrontMatterDialect = "yaml" | "line" | "auto" | "headers" | "rfc822";

/** Options of {@link parseDocument}. */
export interface ParseDocumentOptions {
  /** Bounds on the document. @default {@link defaultReadLimits} */
  readonly limits?: { readonly [K in keyof ReadLimits]?: ReadLimits[K] | undefined } | undefined;
  /**
   * How the document is written; `jsonc` is JSON with comments. @default by extension: `.md` `.markdown` `.mdx` `.mdc`, `.yaml` `.yml`, `.json`, `.jsonc`,
   * else opaque; files whose tools take comments in `.json` (`tsconfig.json`, `.vscode/*.json`) are JSON with comments
   */
  readonly format?: DocumentFormat | "jsonc" | undefined;
  /** How front matter is written. @default "auto" for `.mdc`, "yaml" otherwise */
  readonly frontMatter?: FrontMatterDialect | undefined;
  /** Whether every place at which other YAML readers read otherwise gets a note: dates, `yes`, `010`, `12:30`, aliases. @default false */
  readonly lint?: boolean | undefined;
}

/** A document after reading. It holds its syntax tree for {@link ParsedDocument.locate}: keep the data, not this. */
export interface ParsedDocument {
  readonly path: string;
  readonly format: DocumentFormat;
  /** What its data was written in; null for opaque documents and Markdown without front matter. */
  readonly dialect: "yaml" | "line" | "headers" | "rfc822" | "json" | "jsonc" | null;
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
  /** The text a YAML scalar or a JSON number was written with (`1.10` where the data says 1.1); null where that is not known. */
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
  const asked = options.format ?? (isJsoncPath(path) ? "jsonc" : documentFormat(path));
  const jsonc = asked === "jsonc";
  const format = jsonc ? "json" : asked;
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
  const reading = { path, format, text: decoded.value, limits, lint: options.lint ?? false };
  const result = format === "markdown" ? parseMarkdown(reading, options) : parseData(reading, jsonc ? "jsonc" : format);
  return { ...result, findings: [...decoded.findings, ...result.findings] };
}

interface Reading {
  readonly path: string;
  readonly format: DocumentFormat;
  readonly text: string;
  readonly limits: ReadLimits;
  readonly lint: boolean;
}

function parseData({ path, format, text, limits, lint }: Reading, dialect: "yaml" | "json" | "jsonc"): Result<ParsedDocument> {
  const place = createTextPositions(text);
  const blanked = dialect === "jsonc" ? blankJsonc(text) : null;
  if (blanked?.ok === false) {
    const finding = makeFinding("SCHEMA_JSON_SYNTAX", "Comment is never closed", { path, at: place(blanked.offset), expected: '"*/"' });
    return { ok: false, findings: [finding] };
  }
  const yaml = dialect === "yaml" ? readYaml(text, { path, limits, lint, place }) : null;
  if (yaml === null ? (blanked?.text ?? text).trim() === "" : yaml.empty && !hasError(yaml.findings)) {
    return { ok: false, findings: [makeFinding("SCHEMA_EMPTY", "Document is empty", { path, at: start, expected: "a value" })] };
  }
  const { data, findings, locate, sourceText } = yaml ?? readJson(blanked?.text ?? text, { path, limits, place });
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
    sourceText: (pointer) => sourceText(pointerSegments(pointer)),
  };
  return { ok: true, value, findings };
}

function parseMarkdown(reading: Reading, options: ParseDocumentOptions): Result<ParsedDocument> {
  const { path, format, text } = reading;
  const chosen = options.frontMatter;
  if (chosen === "rfc822") return parseMail(reading);
  const split = splitFrontMatter(text);
  if (split.kind === "unclosed" || split.kind === "foreign") return { ok: false, findings: [brokenFence(split, path)] };
  if (split.kind === "none" && chosen === "headers") return withHeaders(reading, null);
  if (split.kind === "none") {
    const value = { frontMatter: null, body: text, bodyLine: 1, locate: () => start, sourceText: () => null };
    return { ok: true, value: { path, format, dialect: null, data: {}, ...value }, findings: [] };
  }
  const place = createTextPositions(text);
  const source = text.slice(split.start, split.end);
  const dialect = chosen === "headers" ? "yaml" : (chosen ?? (pathExtension(path) === "mdc" ? "auto" : "yaml"));
  const front = readFrontMatter(source, dialect, { ...reading, place: (offset) => place(offset + split.start) });
  if (front.data === null || hasError(front.findings)) return { ok: false, findings: front.findings };
  if (chosen === "headers") return withHeaders(reading, { split, front });
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

/** Mail headers: what stands before the first empty line; headers and body together are the text. */
function parseMail(reading: Reading): Result<ParsedDocument> {
  const { path, format, text } = reading;
  const place = createTextPositions(text);
  const headers = readMailHeaders(text, { ...reading, place });
  if (hasError(headers.findings)) return { ok: false, findings: headers.findings };
  const { data, end } = headers;
  const body = text.slice(end);
  const own = end === 0 ? null : text.slice(0, end);
  const dialect = end === 0 ? null : "rfc822";
  const value = { path, format, dialect, data, frontMatter: own, body, bodyLine: place(end).line, ...placed(headers, place) } as const;
  return { ok: true, value, findings: headers.findings };
}

/** Headers of plain Markdown; front matter comes first where both name a field. */
function withHeaders(
  reading: Reading,
  fenced: { readonly split: Extract<FrontMatterSplit, { readonly kind: "found" }>; readonly front: FrontMatterReading } | null,
): Result<ParsedDocument> {
  const { path, format, text } = reading;
  const place = createTextPositions(text);
  const from = fenced?.split.bodyStart ?? 0;
  const found = readMarkdownHeaders(text, from);
  const headers = fenced === null ? found : behindFrontMatter(found, { ...fenced.front, start: fenced.split.start });
  const frontMatter = fenced === null ? null : text.slice(fenced.split.start, fenced.split.end);
  const own = { dialect: "headers", data: headers.data, frontMatter, body: text.slice(from), bodyLine: place(from).line } as const;
  return { ok: true, value: { path, format, ...own, ...placed(headers, place) }, findings: fenced?.front.findings ?? [] };
}

function placed(headers: HeaderReading, place: (offset: number) => Position): Pick<ParsedDocument, "locate" | "sourceText"> {
  return {
    locate: (pointer) => place(headers.locate(pointerSegments(pointer))),
    sourceText: (pointer) => headers.sourceText(pointerSegments(pointer)),
  };
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
