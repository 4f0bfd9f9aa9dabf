const longestRange = 1_000;

const named = /\b([A-Z][A-Z0-9-]{0,40}-[0-9]{1,9})(?:\s{0,4}(?:\.{2,3}|…|–)\s{0,4}([A-Z][A-Z0-9-]{0,40}-[0-9]{1,9}))?/g;

/** The ids a text names, in order and once each; a range such as `T-01..T-06` is written out. */
export function taskIds(text: string): readonly string[] {
  const found: string[] = [];
  for (const [, first = "", last] of text.matchAll(named)) {
    found.push(first, ...(last === undefined ? [] : between(first, last)));
  }
  return [...new Set(found)];
}

/** How many ids the ranges of a text would be written out to. */
export function rangedIds(text: string): number {
  let count = 0;
  for (const [, first = "", last] of text.matchAll(named)) if (last !== undefined) count += rangeOf(first, last)?.count ?? 0;
  return count;
}

/** The items of a cell, separated by `;` or by what else is given; a dash or `None` is no item. */
export function listItems(text: string, separator: RegExp = /;/): readonly string[] {
  return text
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => !/^(?:|[-–—]|none|n\/a|tbd)$/i.test(item));
}

function between(first: string, last: string): readonly string[] {
  const range = rangeOf(first, last);
  if (range === null) return [last];
  const { prefix, from, count } = range;
  return Array.from({ length: count }, (_, index) => prefix + String(from + index + 1).padStart(first.length - prefix.length, "0"));
}

/** What counts up from one id to another, the first not counted; null when nothing does, or too much. */
function rangeOf(first: string, last: string): { readonly prefix: string; readonly from: number; readonly count: number } | null {
  const cut = first.lastIndexOf("-") + 1;
  const prefix = first.slice(0, cut);
  const [from, to] = [Number(first.slice(cut)), Number(last.slice(cut))];
  return last.startsWith(prefix) && to > from && to - from <= longestRange ? { prefix, from, count: to - from } : null;
}
