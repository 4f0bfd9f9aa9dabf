import { markdownLines } from "../plan/markdown-lines.ts";
import { tableRows } from "../plan/markdown-table.ts";
import { columnNames, figureColumns, isThematicBreak } from "./digest-entries.ts";

/** One entry as it is to stand: its name, the entry as data, and how it is written where it stands nowhere yet. */
export interface EntryLine {
  readonly name: string;
  /** Compared with what stands there; an entry that is equal keeps its line. */
  readonly data: unknown;
  /** The whole line, for a place where none stands. */
  readonly text: string;
  /** What follows the colon of a line that stands; null where the whole line is written anew. */
  readonly value: string | null;
}

/** An entry that a text has, with the line it begins on. */
export interface StandingEntry {
  readonly name: string;
  readonly data: unknown;
  readonly line: number;
}

/**
 * A text of list entries in which exactly the wanted ones stand: those that are equal keep their lines, changed ones are written anew in their place,
 * new ones follow the last, and everything that is no entry stays.
 */
export function rewriteList(text: string, standing: readonly StandingEntry[], wanted: readonly EntryLine[]): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = splitLines(text);
  const left = [...wanted];
  const written = new Map<number, string | null>();
  let last = -1;
  for (const [index, { name, data, line }] of standing.entries()) {
    const at = left.findIndex((entry) => entry.name === name);
    const [entry] = at < 0 ? [] : left.splice(at, 1);
    const keeps = entry !== undefined && sameData(entry.data, data);
    // Lines of an entry below its first one, such as its owner, belong to it.
    const end = Math.min(standing[index + 1]?.line ?? lines.length + 1, endOfItem(lines, line));
    if (!keeps) for (let below = line; below < end; below++) written.set(below, null);
    if (!keeps && entry !== undefined) written.set(line, inPlace(lines[line - 1] ?? "", entry) + eol);
    if (entry !== undefined) last = end - 1;
  }
  const added = left.map((entry) => entry.text + eol).join("");
  const rest = lines.map((line, index) => (written.has(index + 1) ? (written.get(index + 1) ?? "") : line));
  if (added === "") return rest.join("");
  const at = last < 0 ? firstPlace(lines) : last;
  return closed(rest.slice(0, at).join(""), eol) + added + rest.slice(at).join("");
}

/** A text with a table of figures in which exactly the wanted rows stand; what other columns say is kept with them. Null when it has no table. */
export function rewriteTable(text: string, wanted: readonly Readonly<Record<string, string | null>>[]): string | null {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = splitLines(text);
  const table = tableRows(markdownLines(text, 1), ["kpi", "metric"]);
  if (table === null) return null;
  const columns = figureColumns(table.header);
  const places = ["name", "value", "target", "status"] as const;
  const rowOf = (entry: Readonly<Record<string, string | null>>): readonly string[] =>
    columnNames(table.header).map((column, index) => {
      const place = places[columns.indexOf(index)];
      return (place === undefined ? entry[`extra.${column}`] : entry[place]) ?? "";
    });
  const cellsOf = wanted.map(rowOf);
  // Cells that a row leaves out are empty ones, and those beyond the last column say nothing.
  const read = table.rows.map(({ line, cells }) => ({ line, cells: table.header.map((_, index) => cells[index] ?? "") }));
  if (JSON.stringify(cellsOf) === JSON.stringify(read.map(({ cells }) => cells))) return text;
  const standing = new Map(read.map(({ line, cells }) => [cells.join("\u0000"), lines[line - 1] ?? ""]));
  const rows = cellsOf.map((cells) => standing.get(cells.join("\u0000")) ?? tableLine(cells) + eol);
  const from = table.rows[0]?.line ?? lines.findIndex((line) => /^[ \t|:-]*-[ \t|:-]*$/.test(line.trimEnd()) && line.includes("|")) + 2;
  const kept = lines.slice(0, from - 1).join("");
  return closed(kept, eol) + rows.map((row) => closed(row, eol)).join("") + lines.slice(from - 1 + table.rows.length).join("");
}

/** A row of a table; a bar in a cell is escaped. */
export function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

// Mark, name and emphasis of the line stay.
function inPlace(line: string, { text, value }: EntryLine): string {
  const before = /^[ \t]*(?:[-*+][ \t]+)?[^:]{1,140}:(?:\*\*|__)?[ \t]+/.exec(line)?.[0];
  return value === null || before === undefined ? indentOf(line) + text.trimStart() : before + value;
}

function splitLines(text: string): readonly string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

function closed(text: string, eol: string): string {
  return text === "" || /[\r\n]$/.test(text) ? text : text + eol;
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

// The lines that are indented deeper than an item's own.
function endOfItem(lines: readonly string[], line: number): number {
  const own = indentOf(lines[line - 1] ?? "").length;
  let end = line + 1;
  while (end <= lines.length && indentOf(lines[end - 1] ?? "").length > own && (lines[end - 1] ?? "").trim() !== "") end += 1;
  return end;
}

// Behind the empty lines below a heading, before whatever follows.
function firstPlace(lines: readonly string[]): number {
  const rule = lines.findIndex((line) => isThematicBreak(line.trimEnd()));
  const filled = lines.findIndex((line) => line.trim() !== "");
  return filled < 0 ? Math.min(1, lines.length) : rule >= 0 ? rule : lines.length;
}

function sameData(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
