import { type Position, type Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { decodeText } from "../reading/decode-text.ts";
import { type DocumentInput } from "../reading/parse-document.ts";
import { type ReadLimits, resolveReadLimits } from "../reading/read-limits.ts";
import { createTextPositions } from "../reading/text-positions.ts";

/** One element of an XML report. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Text and CDATA directly inside, joined. */
  readonly text: string;
  /** Offset of its `<`. */
  readonly offset: number;
}

/** An XML report as its root element. */
export interface XmlReading {
  readonly root: XmlElement;
  readonly place: (offset: number) => Position;
}

/** Bounds on one report: {@link ReadLimits} with room for the reports of large test suites. */
export const reportLimits: ReadLimits = resolveReadLimits({ maxBytes: 64 * 1024 * 1024, maxNodes: 2_000_000 });

/**
 * Reads the XML of test and coverage reports, strictly and without recursion. Of XML 1.0 it takes what such reports use: elements, attributes,
 * text, CDATA, comments, processing instructions, the five named entities and character references. A document type is passed over, and one that
 * declares anything is refused: no entity is ever defined or fetched, so there is nothing to expand. Size, depth and number of elements
 * and attributes are bounded.
 */
export function readXml(input: DocumentInput): Result<XmlReading> {
  const { path, bytes } = input;
  if (bytes.length > reportLimits.maxBytes) {
    const message = `Report has ${String(bytes.length)} bytes: at most ${String(reportLimits.maxBytes)} are read`;
    return { ok: false, findings: [makeFinding("SCHEMA_TOO_LARGE", message, { path })] };
  }
  const decoded = decodeText(bytes, path);
  if (!decoded.ok) return decoded;
  const place = createTextPositions(decoded.value);
  const scan = scanXml(decoded.value);
  if (scan.ok) return { ok: true, value: { root: scan.root, place }, findings: decoded.findings };
  const { code, message, offset } = scan;
  return { ok: false, findings: [...decoded.findings, makeFinding(code, message, { path, at: place(offset) })] };
}

type XmlScan =
  | { readonly ok: true; readonly root: XmlElement }
  | {
      readonly ok: false;
      readonly code: "SCHEMA_XML_SYNTAX" | "SCHEMA_TOO_DEEP" | "SCHEMA_TOO_LARGE";
      readonly message: string;
      readonly offset: number;
    };

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

const name = String.raw`[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*`;
const startTag = new RegExp(String.raw`<(${name})`, "uy");
const endTag = new RegExp(String.raw`</(${name})[ \t\r\n]*>`, "uy");
const attribute = new RegExp(String.raw`[ \t\r\n]+(${name})[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')`, "uy");
const tagEnd = /[ \t\r\n]*(\/?)>/y;
const skipped: readonly (readonly [start: string, end: string])[] = [
  ["<!--", "-->"],
  ["<?", "?>"],
];

function scanXml(text: string): XmlScan {
  const stack: OpenElement[] = [];
  let root: OpenElement | null = null;
  let nodes = 0;
  let at = 0;
  const fail = (message: string, offset = at): XmlScan => ({
    ok: false,
    code: "SCHEMA_XML_SYNTAX",
    message: `Cannot read XML: ${message}`,
    offset,
  });
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < text.length) {
    const top = stack.at(-1);
    if (text[at] !== "<") {
      const end = text.indexOf("<", at);
      const source = text.slice(at, end < 0 ? text.length : end);
      if (top === undefined) {
        if (source.trim() !== "") return fail("text stands outside of the root element");
      } else {
        const value = unescapeXml(source);
        if (value === null) return fail(badReference, at + source.indexOf("&"));
        top.text += value;
      }
      at += source.length;
      continue;
    }
    const skip = skipped.find(([start]) => text.startsWith(start, at));
    if (skip !== undefined || text.startsWith("<![CDATA[", at)) {
      const end = text.indexOf(skip?.[1] ?? "]]>", at + 2);
      if (end < 0 || (skip === undefined && top === undefined)) return fail(`"${skip?.[0] ?? "<![CDATA["}" is never closed`);
      if (skip === undefined && top !== undefined) top.text += text.slice(at + 9, end);
      at = end + (skip?.[1] ?? "]]>").length;
      continue;
    }
    if (text.startsWith("<!DOCTYPE", at)) {
      const end = text.indexOf(">", at);
      if (root !== null || end < 0) return fail("a document type stands inside the document");
      if (text.slice(at, end).includes("[")) return fail("a document type declares entities or elements, which is not allowed");
      at = end + 1;
      continue;
    }
    const from = at;
    const closed = match(endTag);
    if (closed !== null) {
      if (top === undefined || closed[1] !== top.name) return fail(`"${closed[0]}" closes no open element`, from);
      stack.pop();
      continue;
    }
    const opened = match(startTag);
    if (opened?.[1] === undefined) return fail("a tag is expected");
    if (top === undefined && root !== null) return fail("more than one root element", from);
    const attributes = new Map<string, string>();
    for (let found = match(attribute); found !== null; found = match(attribute)) {
      const [source, key = "", double, single] = found;
      const value = unescapeXml(double ?? single ?? "");
      if (value === null) return fail(badReference, at - source.length + source.indexOf("&"));
      if (attributes.has(key)) return fail(`attribute "${key}" is given twice`, from);
      attributes.set(key, value);
    }
    const end = match(tagEnd);
    if (end === null) return fail(`tag "<${opened[1]}" is broken`, from);
    const element: OpenElement = { name: opened[1], attributes, children: [], text: "", offset: from };
    nodes += 1 + attributes.size;
    if (nodes > reportLimits.maxNodes) {
      return {
        ok: false,
        code: "SCHEMA_TOO_LARGE",
        message: `Report holds more than ${String(reportLimits.maxNodes)} values`,
        offset: from,
      };
    }
    top?.children.push(element);
    root ??= element;
    if (end[1] === "/") continue;
    if (stack.length >= reportLimits.maxDepth) {
      return {
        ok: false,
        code: "SCHEMA_TOO_DEEP",
        message: `Report nests deeper than ${String(reportLimits.maxDepth)} levels`,
        offset: from,
      };
    }
    stack.push(element);
  }
  const open = stack.at(-1);
  if (open !== undefined) return fail(`element "${open.name}" is never closed`, open.offset);
  return root === null ? fail("there is no root element") : { ok: true, root };
}

const badReference = 'a reference is none of &amp; &lt; &gt; &quot; &apos; or a character (write "&" as "&amp;")';
const named: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Text with its references resolved; null when one of them is not known. */
function unescapeXml(source: string): string | null {
  if (!source.includes("&")) return source;
  let known = true;
  const value = source.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));|&/g,
    (_, hex?: string, decimal?: string, word?: string) => {
      const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
      const character = word === undefined ? characterOf(code) : named.get(word);
      if (character === undefined) known = false;
      return character ?? "";
    },
  );
  return known ? value : null;
}

function characterOf(code: number): string | undefined {
  return code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined;
}
