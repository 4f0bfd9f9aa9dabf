import { type JsonObject, type JsonValue } from "../json.ts";
import { flowPlainEnd, keyEnd, plainWords, quotedEnd, readPlainScalar, resolvePlain } from "./plain-scalars.ts";

/** A YAML text of the plainest kind: its value, and the offset of every value within in the order in which they are written, each before what it holds. */
export interface PlainYaml {
  readonly data: JsonObject;
  readonly offsets: readonly number[];
}

/** Levels of nesting read here; deeper texts are not plain. */
export const plainYamlDepth = 8;

interface Scan {
  readonly text: string;
  readonly offsets: number[];
  /** Where the text of the line at hand begins and ends. */
  start: number;
  end: number;
  /** Column of `start`; -1 behind the last line. */
  indent: number;
}

// Characters that YAML or a reader of it treats in ways of their own, and escapes that may hold half of a character.
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const odd = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]|\\[uU]/;
/**
 * Reads what most front matter is made of, in one pass and without a syntax tree: mappings by indentation, plain or quoted text on one line, lists of it,
 * simple block text. It is a shortcut and no second dialect: where it has an answer, that answer is the one of the `yaml` parser, in value and place and
 * without any remark; where it has the least doubt it has none, and the parser is asked.
 *
 * @returns null when the text is not plain.
 */
export function readPlainYaml(text: string): PlainYaml | null {
  if (odd.test(text)) return null;
  const scan: Scan = { text, offsets: [], start: 0, end: 0, indent: -1 };
  advance(scan, 0);
  if (scan.indent !== 0) return null;
  scan.offsets.push(scan.start);
  const data = readMap(scan, 0, 1);
  return data === undefined || scan.indent >= 0 ? null : { data, offsets: scan.offsets };
}

/** Goes to the next line that is neither blank nor a comment. */
function advance(scan: Scan, from: number): void {
  const { text } = scan;
  for (let at = from; at < text.length;) {
    let first = at;
    while (text.charCodeAt(first) === space) first += 1;
    const found = text.indexOf("\n", first);
    const end = found < 0 ? text.length : found;
    if (first < end && text.charCodeAt(first) !== hash) {
      scan.start = first;
      scan.end = end;
      scan.indent = first - at;
      return;
    }
    at = end + 1;
  }
  scan.indent = -1;
}

function readMap(scan: Scan, indent: number, depth: number): JsonObject | undefined {
  if (depth > plainYamlDepth) return undefined;
  const map: Record<string, JsonValue> = {};
  do {
    const { text, start, end } = scan;
    const colon = keyEnd(text, start, end);
    if (colon < 0) return undefined;
    const key = text.slice(start, colon);
    if (plainWords.has(key) || key === "__proto__" || Object.hasOwn(map, key)) return undefined;
    const value = colon + 1 === end ? readNested(scan, indent, depth) : readInline(scan, colon + 1, indent);
    if (value === undefined) return undefined;
    map[key] = value;
  } while (scan.indent === indent);
  return scan.indent > indent ? undefined : map;
}

function readSeq(scan: Scan, indent: number, depth: number): JsonValue[] | undefined {
  if (depth > plainYamlDepth) return undefined;
  const list: JsonValue[] = [];
  while (scan.indent === indent && isDash(scan)) {
    const { text, start, end } = scan;
    let from = start + 1;
    while (text.charCodeAt(from) === space) from += 1;
    let value: JsonValue | undefined;
    if (keyEnd(text, from, end) < 0) {
      value = readInline(scan, start + 1, indent);
    } else {
      scan.offsets.push(from);
      scan.start = from;
      scan.indent = indent + from - start;
      value = readMap(scan, scan.indent, depth + 1);
    }
    if (value === undefined) return undefined;
    list.push(value);
  }
  return scan.indent > indent ? undefined : list;
}

/** The value of a key at the end of its line: a list, which may stand as far left as the key, a mapping, or none. */
function readNested(scan: Scan, indent: number, depth: number): JsonValue | undefined {
  const { offsets, start } = scan;
  advance(scan, scan.end + 1);
  if (scan.indent < indent || (scan.indent === indent && !isDash(scan))) {
    // A value that is not written stands where its key does.
    offsets.push(start);
    return null;
  }
  offsets.push(scan.start);
  return isDash(scan) ? readSeq(scan, scan.indent, depth + 1) : readMap(scan, scan.indent, depth + 1);
}

/** A value on the line of its key or dash; `block` text goes on below. */
function readInline(scan: Scan, at: number, indent: number): JsonValue | undefined {
  const { text, end, offsets } = scan;
  let from = at;
  while (text.charCodeAt(from) === space) from += 1;
  if (from >= end) return undefined;
  offsets.push(from);
  const first = text.charCodeAt(from);
  if (first === bar || first === greater) return readBlock(scan, from, indent);
  const value = first === openBracket ? readFlow(scan, from) : readPlainScalar(text, from, end);
  advance(scan, end + 1);
  // A deeper line goes on with the text, or is an error.
  return scan.indent > indent ? undefined : value;
}

/** A list in brackets that ends with its line, of quoted and plain text without mappings or lists within. */
function readFlow(scan: Scan, open: number): JsonValue[] | undefined {
  const { text, end, offsets } = scan;
  const list: JsonValue[] = [];
  let at = open + 1;
  if (at + 1 === end && text.charCodeAt(at) === closeBracket) return list;
  while (at < end) {
    while (text.charCodeAt(at) === space) at += 1;
    const first = text.charCodeAt(at);
    const quoted = first === quote || first === apostrophe;
    const stop = quoted ? quotedEnd(text, at, end) : flowPlainEnd(text, at, end);
    if (stop < 0) return undefined;
    let next = stop;
    while (text.charCodeAt(next) === space) next += 1;
    const value = quoted ? text.slice(at + 1, stop - 1) : resolvePlain(text.slice(at, stop), first);
    if (value === undefined) return undefined;
    offsets.push(at);
    list.push(value);
    if (text.charCodeAt(next) === closeBracket) return next + 1 === end ? list : undefined;
    if (text.charCodeAt(next) !== comma) return undefined;
    at = next + 1;
  }
  return undefined;
}

/** Text below `|`, `>`, `|-` or `>-`: lines of one indentation, which a fold joins; in literal text also deeper ones. */
function readBlock(scan: Scan, from: number, indent: number): string | undefined {
  const { text, end } = scan;
  const folded = text.charCodeAt(from) === greater;
  const strip = from + 2 === end && text.charCodeAt(from + 1) === minus;
  if (!strip && from + 1 !== end) return undefined;
  const lines: string[] = [];
  let own = 0;
  let at = end + 1;
  while (at < text.length) {
    let first = at;
    while (text.charCodeAt(first) === space) first += 1;
    const stop = text.indexOf("\n", first);
    // A blank line, or a last line without end, is for the parser.
    if (stop <= first) return undefined;
    const deep = first - at;
    if (deep <= indent) break;
    if (own === 0) own = deep;
    if (deep < own || (folded && (deep > own || text.charCodeAt(stop - 1) === space))) return undefined;
    lines.push(text.slice(at + own, stop));
    at = stop + 1;
  }
  if (own === 0) return undefined;
  advance(scan, at);
  if (scan.indent > indent) return undefined;
  return lines.join(folded ? " " : "\n") + (strip ? "" : "\n");
}

function isDash({ text, start, end }: Scan): boolean {
  return text.charCodeAt(start) === minus && start + 1 < end && text.charCodeAt(start + 1) === space;
}

const [space, quote, hash, apostrophe, comma, minus] = [32, 34, 35, 39, 44, 45];
const [greater, openBracket, closeBracket, bar] = [62, 91, 93, 124];
