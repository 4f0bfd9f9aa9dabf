import { type JsonValue } from "../json.ts";
import { type Header, headerReading, type HeaderReading, linesOf } from "./header-dialect.ts";

const heading = /^ {0,3}(#{1,6})[ \t]+(.*)$/;
const fieldLine =
  /^(?:[-*+][ \t]+)?(?:\*\*|__|\*|_)?([A-Za-z][A-Za-z0-9 /-]{0,47}?)(?:\*\*|__|\*|_)?[ \t]*:(?!\/\/)(?:\*\*|__|\*|_)?(?:[ \t]+(.*))?$/;
const listItem = /^ {0,3}(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(.*)$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;
/** Sections whose first paragraph is a header: what decision records write so. */
const sectionNames: ReadonlySet<string> = new Set([
  "status",
  "date",
  "deciders",
  "decision_makers",
  "authors",
  "author",
  "owners",
  "owner",
  "tags",
]);
// Bounds the work per line, whatever it holds.
const maxLineLength = 2_000;

/**
 * Reads the headers that plain Markdown carries, as decision records do: the first heading as `title`, `Name: value` lines before the first other text
 * (list items and emphasis are passed over), and sections such as `## Status`, of which the first paragraph, or every item of a list, is the value.
 * Names are in lower case with `_` between words, and of two headers of one name the first counts.
 */
export function readMarkdownHeaders(text: string, from: number): HeaderReading {
  const headers: Header[] = [];
  let lead = true;
  let open: string | null = null;
  let section: { readonly name: string; readonly items: Item[]; listed: boolean; done: boolean } | null = null;
  const close = (): void => {
    const [first] = section?.items ?? [];
    if (section === null || first === undefined) return;
    const { name, items, listed } = section;
    const value: JsonValue = listed ? items.map(({ source }) => bare(source)) : items.map(({ source }) => bare(source)).join(" ");
    headers.push({ name, value, source: items.map(({ source }) => source).join("\n"), offset: first.offset });
  };
  for (const { line, offset } of linesOf(text, from)) {
    if (line.length > maxLineLength) {
      lead = false;
      continue;
    }
    const mark = fence.exec(line)?.[1];
    if (open !== null) {
      if (mark?.startsWith(open) === true) open = null;
      continue;
    }
    if (mark !== undefined) {
      open = mark;
      lead = false;
      if (section !== null) section.done = true;
      continue;
    }
    const found = heading.exec(line);
    if (found !== null) {
      const [, level = "", rest = ""] = found;
      const words = withoutClosing(rest.trim());
      close();
      section = null;
      if (level.length === 1) {
        if (words !== "")
          headers.push({ name: "title", value: words, source: words, offset: offset + line.indexOf(words, line.indexOf(level) + 1) });
      } else {
        lead = false;
        const name = nameOf(words);
        if (sectionNames.has(name)) section = { name, items: [], listed: false, done: false };
      }
      continue;
    }
    if (section !== null) {
      readSectionLine(section, line, offset);
    } else if (lead && line.trim() !== "") {
      const header = headerOf(line, offset);
      if (header === null) lead = false;
      else headers.push(header);
    }
  }
  close();
  return headerReading(headers);
}

/** The words of a heading without the signs that may close it. */
function withoutClosing(words: string): string {
  let end = words.length;
  while (end > 0 && words[end - 1] === "#") end -= 1;
  return end === 0 || /[ \t]/.test(words[end - 1] ?? "") ? words.slice(0, end).trimEnd() : words;
}

interface Item {
  readonly source: string;
  readonly offset: number;
}

function readSectionLine(section: { readonly items: Item[]; listed: boolean; done: boolean }, line: string, offset: number): void {
  const text = line.trim();
  if (section.done) return;
  if (text === "" || text.startsWith("<!--")) {
    // The first paragraph ends; an empty line between the items of a list does not.
    if (section.items.length > 0 && !section.listed) section.done = true;
    return;
  }
  const item = listItem.exec(line)?.[1];
  if (section.items.length === 0) section.listed = item !== undefined;
  if (section.listed !== (item !== undefined)) {
    section.done = true;
    return;
  }
  const source = (item ?? text).trim();
  section.items.push({ source, offset: offset + line.lastIndexOf(source) });
}

function headerOf(line: string, offset: number): Header | null {
  const [, words, source = ""] = fieldLine.exec(line.trim()) ?? [];
  if (words === undefined) return null;
  const value = bare(source);
  return {
    name: nameOf(words),
    value: value === "" ? null : value,
    source,
    offset: offset + (source === "" ? 0 : line.lastIndexOf(source)),
  };
}

function nameOf(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
}

/** A value without a comment after it, and without emphasis or a code span around the whole of it. */
function bare(source: string): string {
  const trimmed = source.trim();
  const comment = trimmed.endsWith("-->") ? trimmed.lastIndexOf("<!--") : -1;
  const text = comment < 0 ? trimmed : trimmed.slice(0, comment).trim();
  const [, inner] = /^(?:\*\*|__|\*|_|`)([^*_`]+)(?:\*\*|__|\*|_|`)$/.exec(text) ?? [];
  return inner?.trim() ?? text;
}
