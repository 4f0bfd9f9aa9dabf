import { type CST, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from "../internal/yaml-library.ts";

/** New text in place of old. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly with: string;
}

/** The text being edited, and how its lines end. */
export interface SpliceContext {
  readonly text: string;
  readonly eol: string;
}

/** A field of a mapping or an item of a list, as it stands in the text. */
export interface Entry {
  /** Text of the key; null for an item. */
  readonly key: string | null;
  readonly node: ParsedNode | null;
  /** Offset of the key, the dash, or the item of a flow list. */
  readonly start: number;
  /** Offset after the colon or the dash, or where an item of a flow list begins. */
  readonly indicatorEnd: number;
  /** How far the entry is indented. */
  readonly column: number;
}

/** True for a collection written in brackets. */
export function isFlow(node: ParsedNode | null): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

/** The entries of a collection; null where one is written in a way that is not edited, such as with a key that is no text. */
export function entriesOf(parent: YAMLMap.Parsed | YAMLSeq.Parsed, text: string): readonly Entry[] | null {
  const tokens = (parent.srcToken as { readonly items?: readonly CST.CollectionItem[] } | undefined)?.items?.filter(
    (item) => !isVoid(item),
  );
  const entries = isMap(parent)
    ? parent.items.map((pair) => fieldOf(pair, text))
    : parent.items.map((node, index) => itemOf(node, { token: tokens?.[index], flow: isFlow(parent) }, text));
  return entries.some((entry) => entry === null) ? null : (entries as readonly Entry[]);
}

/** Comments and trailing commas have items of their own that hold no value. */
function isVoid(item: CST.CollectionItem): boolean {
  return (
    item.key === undefined &&
    item.value === undefined &&
    item.sep === undefined &&
    !(item.start ?? []).some(({ type }) => type === "seq-item-ind")
  );
}

function fieldOf(pair: YAMLMap.Parsed["items"][number], text: string): Entry | null {
  const { key, value } = pair;
  const token = (pair as { readonly srcToken?: CST.CollectionItem }).srcToken;
  const colon = token?.sep?.find(({ type }) => type === "map-value-ind");
  if (!isScalar(key) || token?.start?.some(({ type }) => type === "explicit-key-ind") === true) return null;
  const start = key.range[0];
  const indicatorEnd = colon === undefined ? key.range[1] : colon.offset + 1;
  return { key: typeof key.value === "string" ? key.value : key.source, node: value, start, indicatorEnd, column: columnOf(text, start) };
}

function itemOf(
  node: ParsedNode,
  source: { readonly token: CST.CollectionItem | undefined; readonly flow: boolean },
  text: string,
): Entry | null {
  if (source.flow) {
    // A pair without braces in a list of brackets has no place of its own.
    if (isMap(node) && (node.srcToken as unknown) === undefined) return null;
    return { key: null, node, start: node.range[0], indicatorEnd: node.range[0], column: columnOf(text, node.range[0]) };
  }
  const dash = source.token?.start?.find(({ type }) => type === "seq-item-ind");
  if (dash === undefined) return null;
  return { key: null, node, start: dash.offset, indicatorEnd: dash.offset + 1, column: columnOf(text, dash.offset) };
}

/** Where an entry ends, a comment behind it not counted. */
export function entryEnd({ node, indicatorEnd }: Entry): number {
  return node === null || node.range[1] <= node.range[0] ? indicatorEnd : Math.max(indicatorEnd, node.range[1]);
}

/** How far from the beginning of its line something stands. */
export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Where the line of an offset ends, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  if (end < 0) return text.length;
  return end > offset && text[end - 1] === "\r" ? end - 1 : end;
}

/** The end of a value without the empty lines that some values reach over. */
export function trimmedEnd(text: string, from: number, to: number): number {
  return from + text.slice(from, to).trimEnd().length;
}
