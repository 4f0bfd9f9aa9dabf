import { type Finding, type Position } from "../finding.ts";
import { losesNumber } from "../internal/loses-number.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import { type JsonObject, type JsonValue } from "../json.ts";
import { type ReadLimits } from "./read-limits.ts";
import { type JsonPlace, numberAt, scanJson } from "./scan-json.ts";
import { hasLoneSurrogate } from "./yaml-values.ts";

/** JSON text as a value, with every remark and a way back from value to text. */
export interface JsonReading {
  /** Null data with errors among the findings when the text has no reading. */
  readonly data: JsonValue;
  readonly findings: readonly Finding[];
  readonly locate: (segments: readonly string[]) => number;
  /** The text a number was written with; null where none stands. */
  readonly sourceText: (segments: readonly string[]) => string | null;
}

/**
 * Reads JSON by RFC 8259, strictly: comments, trailing commas, repeated keys and numbers that would be infinite are errors with their place (SCH-10).
 * An integer that no double holds, and a number that becomes zero, get a warning: what is read is another number.
 */
export function readJson(
  text: string,
  options: { readonly path: string; readonly limits: ReadLimits; readonly place: (offset: number) => Position },
): JsonReading {
  const { path, limits, place } = options;
  const findings: Finding[] = [];
  const scan = scanJson(text, limits);
  if (scan.error) {
    const { offset, expected, found } = scan.error;
    findings.push(
      makeFinding("SCHEMA_JSON_SYNTAX", `Cannot read JSON: ${found} stands where ${expected} is expected`, {
        path,
        at: place(offset),
        expected,
      }),
    );
  }
  if (scan.exceeded) {
    const deep = scan.exceeded.limit === "maxDepth";
    const message = deep ? `Document nests deeper than ${limits.maxDepth} levels` : `Document holds more than ${limits.maxNodes} values`;
    const hint = "Split the document, or raise the limit";
    findings.push(makeFinding(deep ? "SCHEMA_TOO_DEEP" : "SCHEMA_TOO_LARGE", message, { path, at: place(scan.exceeded.offset), hint }));
  }
  for (const { key, offset } of scan.duplicates) {
    findings.push(
      makeFinding("SCHEMA_DUPLICATE_KEY", `Key ${JSON.stringify(key)} is given twice`, {
        path,
        at: place(offset),
        expected: "each key once",
      }),
    );
  }
  let places: Map<string, JsonPlace> | undefined;
  const find = (segments: readonly string[]): { readonly offset: number; readonly exact: boolean } => {
    if (places === undefined) scanJson(text, { ...limits, places: (places = new Map()) });
    let place = places.get("");
    for (const segment of segments) {
      const child = place?.children.get(segment);
      if (child === undefined) return { offset: place?.offset ?? 0, exact: false };
      place = child;
    }
    return { offset: place?.offset ?? 0, exact: place !== undefined };
  };
  const locate = (segments: readonly string[]): number => find(segments).offset;
  const sourceText = (segments: readonly string[]): string | null => {
    const { offset, exact } = find(segments);
    return exact ? numberAt(text, offset) : null;
  };
  if (hasError(findings)) return { data: null, findings, locate, sourceText };
  const data = JSON.parse(text) as JsonValue;
  if (mayNotBeJson.test(text)) reportForeign(data, []);
  return { data, findings, locate, sourceText };

  function reportForeign(value: JsonValue, segments: readonly string[]): void {
    if (typeof value === "string") {
      if (hasLoneSurrogate(value)) reportAt(segments);
    } else if (typeof value === "number") {
      if (!Number.isFinite(value)) reportAt(segments, "Number is larger than any double", "a finite number, or text in quotes");
      else if (value === 0 || Math.abs(value) > Number.MAX_SAFE_INTEGER) reportLoss(value, segments);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries<JsonValue>(value as JsonObject)) {
        if (hasLoneSurrogate(key)) reportAt([...segments, key]);
        reportForeign(child, [...segments, key]);
      }
    }
  }

  function reportLoss(value: number, segments: readonly string[]): void {
    const source = sourceText(segments) ?? "";
    if (!losesNumber(source, value)) return;
    findings.push(
      makeFinding("SCHEMA_NUMBER_TEXT", `Number ${source} reads as ${value}`, {
        path,
        at: place(locate(segments)),
        severity: "warning",
        hint: "Put it in quotes where the text matters, as in a version or an id",
      }),
    );
  }

  function reportAt(segments: readonly string[], message = "Text holds half of a surrogate pair", expected = "well-formed Unicode"): void {
    findings.push(makeFinding("SCHEMA_NOT_JSON", message, { path, at: place(locate(segments)), expected }));
  }
}

/** Texts that may hold half of a surrogate pair, or a number that no double holds. */
const mayNotBeJson = /\\u[dD][89a-fA-F]|\d[eE][+-]?\d|\d{16}/;
