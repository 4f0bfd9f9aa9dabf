import { type Finding, type Position } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { type ReadLimits } from "./read-limits.ts";

/** Headers of a document as a value, with every remark and a way back from value to text. */
export interface HeaderReading {
  readonly data: Readonly<Record<string, JsonValue>>;
  readonly findings: readonly Finding[];
  readonly locate: (segments: readonly string[]) => number;
  /** A value as it was written, before it was unfolded or bared of emphasis. */
  readonly sourceText: (segments: readonly string[]) => string | null;
  /** Offset at which the headers end; 0 when they are no part of their own. */
  readonly end: number;
}

/** One header as it stands. */
export interface Header {
  readonly name: string;
  readonly value: JsonValue;
  readonly source: string;
  readonly offset: number;
}

const fieldLine = /^([A-Za-z][A-Za-z0-9-]{0,63})[ \t]*:(?!\/\/)[ \t]*(.*)$/;

/**
 * Reads headers as mail and enhancement proposals write them (RFC 822 §3): `Name: value` lines from the first line to the first empty one, a line that
 * begins with space continuing the value above. Values are text, unfolded to one line, and names stand as written. A document whose first line is no
 * such line has none.
 */
export function readMailHeaders(
  text: string,
  options: { readonly path: string; readonly limits: ReadLimits; readonly place: (offset: number) => Position },
): HeaderReading {
  const { path, limits, place } = options;
  const headers: { name: string; source: string; offset: number }[] = [];
  const findings: Finding[] = [];
  let end = 0;
  for (const { line, offset, next } of linesOf(text)) {
    const field = fieldLine.exec(line);
    const last = headers.at(-1);
    if (last === undefined && field === null) break;
    if (line.trim() === "") break;
    end = next;
    if (field !== null) {
      const [, name = "", source = ""] = field;
      if (headers.length >= limits.maxNodes) {
        findings.push(
          makeFinding("SCHEMA_TOO_LARGE", `Document holds more than ${String(limits.maxNodes)} headers`, { path, at: place(offset) }),
        );
        break;
      }
      headers.push({ name, source, offset: source === "" ? offset : offset + line.length - source.length });
    } else if (last !== undefined && /^[ \t]/.test(line)) {
      last.source += `\n${line}`;
    } else {
      const expected = '"Name: value", a line that begins with space, or an empty line after the headers';
      findings.push(makeFinding("SCHEMA_LINE_SYNTAX", "Line is no header", { path, at: place(offset), expected }));
    }
  }
  const unfolded = headers.map((header): Header => ({ ...header, value: unfold(header.source) }));
  return { ...headerReading(unfolded), findings: [...findings, ...repeated(unfolded, { path, place })], end };
}

/** A folded value on one line; a value without text is none. */
function unfold(source: string): string | null {
  const lines = source.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").join(" ") || null;
}

/** A reading of headers; of two of one name the first counts. */
export function headerReading(headers: readonly Header[]): HeaderReading {
  const byName = new Map<string, Header>();
  for (const header of headers) if (!byName.has(header.name)) byName.set(header.name, header);
  return {
    // fromEntries defines own properties, whatever their name is.
    data: Object.fromEntries([...byName].map(([name, { value }]) => [name, value])),
    findings: [],
    locate: ([name = ""]) => byName.get(name)?.offset ?? 0,
    sourceText: ([name = "", ...rest]) => (rest.length > 0 ? null : (byName.get(name)?.source ?? null)),
    end: 0,
  };
}

/** Headers besides front matter, whose fields come first; `start` is where its text begins. */
export function behindFrontMatter(
  headers: HeaderReading,
  front: Pick<HeaderReading, "locate" | "sourceText"> & { readonly data: JsonValue; readonly start: number },
): HeaderReading {
  const own = isJsonObject(front.data) ? front.data : {};
  const inFront = ([name = ""]: readonly string[]): boolean => Object.hasOwn(own, name);
  return {
    ...headers,
    // fromEntries defines own properties, whatever their name is.
    data: Object.fromEntries<JsonValue>([...Object.entries(headers.data), ...Object.entries(own)]),
    locate: (segments) => (inFront(segments) ? front.start + front.locate(segments) : headers.locate(segments)),
    sourceText: (segments) => (inFront(segments) ? front : headers).sourceText(segments),
  };
}

function repeated(
  headers: readonly Header[],
  { path, place }: { readonly path: string; readonly place: (offset: number) => Position },
): readonly Finding[] {
  const seen = new Set<string>();
  return headers.flatMap(({ name, offset }) => {
    const again = seen.has(name);
    seen.add(name);
    const message = `Header ${JSON.stringify(name)} is given twice`;
    return again ? [makeFinding("SCHEMA_DUPLICATE_KEY", message, { path, at: place(offset), expected: "each header once" })] : [];
  });
}

/** Lines of a text without their ends, each with its offset and that of the next. */
export function* linesOf(text: string, from = 0): Generator<{ readonly line: string; readonly offset: number; readonly next: number }> {
  for (let start = from; start < text.length;) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    const next = end < 0 ? text.length : end + 1;
    yield { line: text.slice(start, stop).replace(/\r$/, ""), offset: start, next };
    start = next;
  }
}
