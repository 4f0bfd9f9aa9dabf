import type { Finding } from "@gov/schema";
import type { Block, Mark, Outcome } from "../command.ts";

/** How text is drawn: with colour on a terminal that wants it, plain elsewhere. */
export interface TextStyle {
  readonly colour: boolean;
}

/** Renders an outcome for people: findings grouped by file, then what the command found out. */
export function renderText(outcome: Outcome, style: TextStyle): string {
  const paint = palette(style);
  const lines = [...renderFindings(outcome.findings, paint), ...outcome.view.flatMap((block) => renderBlock(block, paint))];
  return lines.length === 0 ? "" : `${lines.map(printable).join("\n")}\n`;
}

function renderFindings(findings: readonly Finding[], paint: Palette): readonly string[] {
  const lines: string[] = [];
  let path: string | null | undefined;
  for (const finding of findings) {
    if (finding.path !== path) {
      path = finding.path;
      lines.push(paint.bold(path ?? "(no file)"));
    }
    const place = finding.line === null ? "" : `${finding.line}:${finding.column ?? 1}`;
    lines.push(`  ${paint.dim(place.padEnd(8))}${paint.severity(finding.severity)} ${finding.message}  ${paint.dim(finding.code)}`);
    const advice = finding.hint ?? (finding.expected === undefined ? undefined : `expected ${finding.expected}`);
    if (advice !== undefined) lines.push(`          ${paint.dim(`→ ${advice}`)}`);
  }
  if (lines.length > 0) lines.push("");
  return lines;
}

function renderBlock(block: Block, paint: Palette): readonly string[] {
  switch (block.type) {
    case "line":
      return [paint.mark(block.mark) + block.text];
    case "lines":
      return block.lines.map((line) => `  ${line}`);
    case "values":
      return columns(block.rows.map(([label, value]) => [label, value])).map((line) => `  ${line}`);
    case "table":
      return columns([block.head, ...block.rows]).map((line, row) => `  ${row === 0 ? paint.dim(line) : line}`);
  }
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  "));
}

/** Text from a document must not be able to move the cursor or change the colours of a terminal. */
function printable(line: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is being replaced; ESC [ … m is our own.
  return line.replace(/(?!\u001b\[\d+m)[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}

interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly severity: (severity: Finding["severity"]) => string;
  readonly mark: (mark: Mark) => string;
}

function palette({ colour }: TextStyle): Palette {
  const paint = (code: number, text: string) => (colour && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text);
  const severityColours = { error: 31, warning: 33, note: 36 } as const;
  const marks = { pass: paint(32, "✔ "), fail: paint(31, "✘ "), warn: paint(33, "▲ "), none: "" } as const;
  return {
    bold: (text) => paint(1, text),
    dim: (text) => paint(2, text),
    severity: (severity) => paint(severityColours[severity], severity.padEnd(7)),
    mark: (mark) => marks[mark],
  };
}
