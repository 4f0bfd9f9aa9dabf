import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq, yamlLibrary } from "../internal/yaml-library.ts";
import { type JsonValue } from "../json.ts";
import { pointerSegments } from "../reading/json-pointer.ts";
import { isFilled, renderBlock, renderInline, renderKey } from "./render-yaml.ts";
import { removeAt } from "./splice-removal.ts";
import { type Entry, entriesOf, entryEnd, isFlow, lineEnd, type Splice, type SpliceContext, trimmedEnd } from "./yaml-entries.ts";
import { type YamlEdit } from "./yaml-edit.ts";

/** How a text is spliced. */
export interface SpliceYamlOptions {
  /** How new lines end. */
  readonly eol: string;
  /** The text as YAML of the same length. */
  readonly asYaml: (text: string) => string;
}

/**
 * YAML text with edits in it, only the text of what is edited being new; null where there is no place for one, or where two touch each other. Every
 * place is one in the text given. Whether the text then means what was wanted is for the caller to try.
 */
export function spliceYaml(text: string, edits: readonly YamlEdit[], { eol, asYaml }: SpliceYamlOptions): string | null {
  const { parseDocument } = yamlLibrary();
  const yaml = asYaml(text);
  const document = parseDocument(yaml, { version: "1.2", schema: "core", keepSourceTokens: true, uniqueKeys: false, logLevel: "silent" });
  const context: SpliceContext = { text: yaml, eol };
  const entriesOf = rememberEntries(yaml);
  const splices: Splice[] = [];
  for (const edit of edits) {
    const splice = spliceAt(document.contents, pointerSegments(edit.pointer), { edit, context, entriesOf });
    if (splice === null) return null;
    splices.push(splice);
  }
  // What is put in at one place stays in its order.
  splices.sort((a, b) => a.from - b.from || a.to - b.to);
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, with: added } of splices) {
    if (from < at) return null;
    parts.push(text.slice(at, from), added);
    at = to;
  }
  return parts.join("") + text.slice(at);
}

type Collection = YAMLMap.Parsed | YAMLSeq.Parsed;

/** The entries of each collection are listed once, however many edits lead through it. */
function rememberEntries(text: string): (parent: Collection) => readonly Entry[] | null {
  const known = new Map<Collection, readonly Entry[] | null>();
  return (parent) => {
    const found = known.get(parent);
    if (found !== undefined) return found;
    const entries = entriesOf(parent, text);
    known.set(parent, entries);
    return entries;
  };
}

interface Work {
  readonly edit: YamlEdit;
  readonly context: SpliceContext;
  readonly entriesOf: (parent: Collection) => readonly Entry[] | null;
}

/** Finds the splice at a path below the root, whose own place is the whole text. */
function spliceAt(root: ParsedNode | null, segments: readonly string[], work: Work): Splice | null {
  const { edit, context } = work;
  const { text, eol } = context;
  const [name] = segments;
  const rest = segments.slice(1);
  if (name === undefined) return edit.op === "set" ? replaceRoot(root, edit.value, context) : null;
  if (root === null || (isScalar(root) && root.value === null)) {
    if (edit.op === "remove") return null;
    if (root !== null && root.range[1] > root.range[0]) return replaceRoot(root, nested(segments, edit.value), context);
    const gap = text === "" || text.endsWith("\n") ? "" : eol;
    return { from: text.length, to: text.length, with: `${gap}${renderBlock(nested(segments, edit.value), 0, eol)}${eol}` };
  }
  return isMap(root) || isSeq(root) ? inCollection(root, { name, rest }, work) : null;
}

interface Path {
  readonly name: string;
  readonly rest: readonly string[];
}

function inCollection(parent: Collection, { name, rest }: Path, work: Work): Splice | null {
  const { edit, context } = work;
  const entries = work.entriesOf(parent);
  if (entries === null) return null;
  const index = isSeq(parent) ? (name === "-" ? entries.length : Number(name)) : entries.findIndex(({ key }) => key === name);
  const entry = entries[index];
  if (entry === undefined) return edit.op === "set" ? insert(parent, entries, { name, value: nested(rest, edit.value) }, context) : null;
  const { node } = entry;
  const [next] = rest;
  if (next !== undefined && (isMap(node) || isSeq(node))) return inCollection(node, { name: next, rest: rest.slice(1) }, work);
  if (next !== undefined && (edit.op === "remove" || !(node === null || (isScalar(node) && node.value === null)))) return null;
  if (edit.op === "remove") return removeAt(parent, { entries, index }, context);
  return replaceValue(parent, entry, nested(rest, edit.value), context);
}

/** The value with the mappings on the way to it. */
function nested(segments: readonly string[], value: JsonValue): JsonValue {
  return segments.reduceRight<JsonValue>((inner, name) => Object.fromEntries([[name, inner]]), value);
}

function replaceRoot(root: ParsedNode | null, value: JsonValue, context: SpliceContext): Splice {
  const { text, eol } = context;
  const rendered = isFlow(root) ? JSON.stringify(value) : isFilled(value) ? renderBlock(value, 0, eol) : renderInline(value);
  if (root === null || root.range[1] === root.range[0]) {
    const gap = text === "" || text.endsWith("\n") ? "" : eol;
    return { from: text.length, to: text.length, with: gap + rendered + eol };
  }
  return { from: root.range[0], to: trimmedEnd(text, root.range[0], root.range[1]), with: rendered };
}

function replaceValue(parent: Collection, entry: Entry, value: JsonValue, context: SpliceContext): Splice {
  const { text, eol } = context;
  const { node, indicatorEnd, column } = entry;
  const flow = isFlow(parent);
  const filled = isFilled(value);
  const written = node !== null && node.range[1] > node.range[0];
  const inline = written && (isAlias(node) || isFlow(node) || (isScalar(node) && !String(node.type).startsWith("BLOCK")));
  if (inline && (flow || !filled)) {
    const style =
      !isScalar(node) || flow
        ? flow
          ? "double"
          : "plain"
        : node.type === "QUOTE_SINGLE"
          ? "single"
          : node.type === "QUOTE_DOUBLE"
            ? "double"
            : "plain";
    const rendered = flow && filled ? JSON.stringify(value) : renderInline(value, style);
    // A key in quotes may have its colon without a space after it; a value without quotes may not.
    return { from: node.range[0], to: node.range[1], with: node.range[0] === indicatorEnd && !isSeq(parent) ? ` ${rendered}` : rendered };
  }
  const to = written ? trimmedEnd(text, indicatorEnd, node.range[1]) : indicatorEnd;
  if (flow) return { from: indicatorEnd, to, with: ` ${filled ? JSON.stringify(value) : renderInline(value, "double")}` };
  // The first line of an item stands behind its dash; the fields of a mapping stand below their key.
  const block = isSeq(parent) ? ` ${renderBlock(value, column + 2, eol).trimStart()}` : eol + renderBlock(value, column + 2, eol);
  return { from: indicatorEnd, to, with: filled ? block : ` ${renderInline(value)}` };
}

function insert(
  parent: YAMLMap.Parsed | YAMLSeq.Parsed,
  entries: readonly Entry[],
  added: { readonly name: string; readonly value: JsonValue },
  { text, eol }: SpliceContext,
): Splice | null {
  const { name, value } = added;
  const last = entries.at(-1);
  if (isFlow(parent)) {
    const item = isSeq(parent) ? JSON.stringify(value) : `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    const at = last === undefined ? parent.range[0] + 1 : entryEnd(last);
    return { from: at, to: at, with: last === undefined ? item : `, ${item}` };
  }
  if (last === undefined) return null;
  const indent = " ".repeat(last.column);
  const below = eol + renderBlock(value, last.column + 2, eol);
  const line = isSeq(parent)
    ? `${indent}- ${isFilled(value) ? renderBlock(value, last.column + 2, eol).trimStart() : renderInline(value)}`
    : `${indent}${renderKey(name)}:${isFilled(value) ? below : ` ${renderInline(value)}`}`;
  const end = entryEnd(last);
  if (end > 0 && text[end - 1] === "\n") return { from: end, to: end, with: line + eol };
  const at = lineEnd(text, end);
  return { from: at, to: at, with: eol + line };
}
