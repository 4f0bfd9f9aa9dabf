const rangeMarks: readonly string[] = ["...", "..", "…", "–"];
const maxRange = 1000;
const maxExpanded = 10_000;

/**
 * The ids that a cell names, in order and once each: `T-01..T-03, T-07` gives four, `SR R-006` gives one. An id is capitals, a dash
 * and a number; a range counts up with the zeros of its first id, and gives only its two ends when it does not count up, is longer than a
 * thousand, or stands behind ranges that gave ten thousand.
 *
 * @example Read a cell of prerequisites
 * ```ts
 * import assert from "node:assert/strict";
 * import { expandIds } from "@gov/gates/plan";
 *
 * assert.deepEqual(expandIds("T-01..T-03, T-07"), ["T-01", "T-02", "T-03", "T-07"]);
 * assert.deepEqual(expandIds("None"), []);
 * ```
 */
export function expandIds(text: string): readonly string[] {
  const marked = rangeMarks.reduce((cell, mark) => cell.replaceAll(mark, " .. "), text);
  const words = marked.split(/[^A-Za-z0-9.-]/).filter((word) => word !== "");
  const found = new Set<string>();
  let room = maxExpanded;
  words.forEach((word, index) => {
    const id = readId(word);
    if (id === null) return;
    const previous = words[index - 1] === ".." ? readId(words[index - 2] ?? "") : null;
    const inner = previous === null ? [] : between(previous, id);
    if (inner.length <= room) for (const one of inner) found.add(one);
    room = Math.max(0, room - inner.length);
    found.add(id.text);
  });
  return [...found];
}

interface Id {
  readonly text: string;
  readonly prefix: string;
  readonly number: number;
  readonly width: number;
}

function readId(word: string): Id | null {
  const text = word.endsWith(".") ? word.slice(0, -1) : word;
  const dash = text.lastIndexOf("-");
  const digits = text.slice(dash + 1);
  const prefix = text.slice(0, dash + 1);
  if (dash < 1 || !/^[0-9]{1,9}$/.test(digits) || !/^[A-Z][A-Z0-9-]*$/.test(prefix)) return null;
  return { text, prefix, number: Number(digits), width: digits.length };
}

function between(first: Id, last: Id): readonly string[] {
  const count = last.number - first.number - 1;
  if (first.prefix !== last.prefix || count < 1 || count + 2 > maxRange) return [];
  return Array.from({ length: count }, (_, index) => `${first.prefix}${String(first.number + index + 1).padStart(first.width, "0")}`);
}
