const longestRange = 1_000;

/** The ids a text names, in order and once each; a range such as `T-01..T-06` is written out. */
export function taskIds(text: string): readonly string[] {
  const found: string[] = [];
  for (const [, first = "", last] of text.matchAll(
    /\b([A-Z][A-Z0-9-]{0,40}-[0-9]{1,9})(?:\s{0,4}(?:\.\.|…|–)\s{0,4}([A-Z][A-Z0-9-]{0,40}-[0-9]{1,9}))?/g,
  )) {
    found.push(first, ...(last === undefined ? [] : between(first, last)));
  }
  return [...new Set(found)];
}

/** The items of a cell, separated by `;` or by what else is given; a dash or `None` is no item. */
export function listItems(text: string, separator: RegExp = /;/): readonly string[] {
  return text
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => !/^(?:|[-–—]|none|n\/a|tbd)$/i.test(item));
}

function between(first: string, last: string): readonly string[] {
  const cut = first.lastIndexOf("-") + 1;
  const prefix = first.slice(0, cut);
  const [from, to] = [Number(first.slice(cut)), Number(last.slice(cut))];
  if (!last.startsWith(prefix) || !(to > from) || to - from > longestRange) return [last];
  return Array.from({ length: to - from }, (_, index) => prefix + String(from + index + 1).padStart(first.length - cut, "0"));
}
