import { type MarkdownLine, plainText } from "./markdown-lines.ts";

/** A row of a table: its cells by the name of their column, in lower case. */
export interface TableRow {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** The rows of the first table whose header has the column, or null when there is none. */
export function tableWith(column: string, lines: readonly MarkdownLine[]): readonly TableRow[] | null {
  const start = lines.findIndex((line, index) => headerOf(line).includes(column) && isRule(lines[index + 1]));
  const header = start < 0 ? undefined : lines[start];
  if (header === undefined) return null;
  const names = headerOf(header);
  const rows: TableRow[] = [];
  for (const { line, text } of lines.slice(start + 2)) {
    if (!text.includes("|")) break;
    const cells = cellsOf(text);
    rows.push({ line, cells: new Map(names.map((name, index) => [name, cells[index] ?? ""])) });
  }
  return rows;
}

/** A table with its header as written, and its rows, cell by cell. */
export interface PlainTable {
  readonly header: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** The first table whose header has one of the columns, in lower case, or null when there is none. */
export function tableRows(lines: readonly MarkdownLine[], columns: readonly string[]): PlainTable | null {
  const start = lines.findIndex((line, index) => headerOf(line).some((name) => columns.includes(name)) && isRule(lines[index + 1]));
  const header = start < 0 ? undefined : lines[start];
  if (header === undefined) return null;
  const behind = lines.slice(start + 2);
  const end = behind.findIndex(({ text }) => !text.includes("|"));
  const rows = end < 0 ? behind : behind.slice(0, end);
  return { header: cellsOf(header.text), rows: rows.map(({ line, text }) => ({ line, cells: cellsOf(text) })) };
}

function headerOf({ text }: MarkdownLine): readonly string[] {
  return text.includes("|") ? cellsOf(text).map((cell) => cell.toLowerCase()) : [];
}

function isRule(line: MarkdownLine | undefined): boolean {
  return line !== undefined && line.text.includes("-") && cellsOf(line.text).every((cell) => /^:?-+:?$/.test(cell));
}

// A bar is written `\|` inside a cell.
function cellsOf(text: string): readonly string[] {
  const cells = text.trim().replaceAll("\\|", "\u0000").replace(/^\|/, "").replace(/\|$/, "").split("|");
  return cells.map((cell) => plainText(cell.replaceAll("\u0000", "|")));
}
