import { isSeq, type YAMLMap, type YAMLSeq } from "../internal/yaml-library.ts";
import { columnOf, type Entry, entryEnd, isFlow, lineEnd, type Splice, type SpliceContext, trimmedEnd } from "./yaml-entries.ts";

/** The splice that takes one entry away: its whole lines where it has lines of its own. A collection that becomes empty is written `{}` or `[]`. */
export function removeAt(
  parent: YAMLMap.Parsed | YAMLSeq.Parsed,
  { entries, index }: { readonly entries: readonly Entry[]; readonly index: number },
  { text }: SpliceContext,
): Splice | null {
  const [entry, before, after] = [entries[index], entries[index - 1], entries[index + 1]];
  if (entry === undefined) return null;
  if (isFlow(parent)) {
    if (after !== undefined) return { from: entry.start, to: after.start, with: "" };
    return { from: before === undefined ? entry.start : entryEnd(before), to: entryEnd(entry), with: "" };
  }
  if (entries.length === 1) {
    const from = parent.range[0];
    return { from, to: trimmedEnd(text, from, Math.max(entryEnd(entry), entry.indicatorEnd)), with: isSeq(parent) ? "[]" : "{}" };
  }
  const lineStart = entry.start - columnOf(text, entry.start);
  if (text.slice(lineStart, entry.start).trim() !== "") {
    // The entry shares its line with the dash above it: the next one moves there.
    return after === undefined ? null : { from: entry.start, to: after.start, with: "" };
  }
  const end = lineEnd(text, trimmedEnd(text, entry.start, entryEnd(entry)));
  const next = text.indexOf("\n", end);
  if (next >= 0) return { from: lineStart, to: next + 1, with: "" };
  // The last line of a text without a line end: the one before it becomes the last.
  const from = lineStart > 0 && text[lineStart - 1] === "\n" ? lineStart - (text[lineStart - 2] === "\r" ? 2 : 1) : lineStart;
  return { from, to: text.length, with: "" };
}
