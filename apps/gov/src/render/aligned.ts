import { printable } from "./printable.ts";
import { wrapWords } from "./wrap-words.ts";

/** Rows, each as its lines: every column but the last is as wide as its widest cell, and the last is broken at words. */
export function aligned(rows: readonly (readonly string[])[], columns: number): readonly (readonly string[])[] {
  const cells = rows.map((row) => row.map(printable));
  const widths = (cells[0] ?? []).map((_, column) => cells.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0));
  const margin = " ".repeat(widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 2));
  return cells.map((row) => {
    const before = row.slice(0, -1).map((cell, column) => cell.padEnd(widths[column] ?? 0));
    const [first = "", ...more] = wrapWords(row.at(-1) ?? "", margin.length < columns ? columns - margin.length : Infinity);
    return [`  ${[...before, first].join("  ")}`.trimEnd(), ...more.map((line) => margin + line)];
  });
}
