import type { Finding } from "@gov/schema";
import type { Block, Mark, Outcome } from "../command.ts";
import { printable } from "./printable.ts";

/** How text is drawn: with colour on a terminal that wants it, plain elsewhere. */
export interface TextStyle {
  readonly colour: boolean;
}

/** Renders an outcome for people: findings grouped by file, then what the command found out. */
export function renderText(outcome: Outcome, style: TextStyle): string {
  const paint = palette(style);
  const lines = [...renderFindings(outcome.findings, paint), ...outcome.view.flatMap((block) => renderBlock(block, paint))];
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function renderFindings(findings: readonly Finding[], paint: Palette): readonly string[] {
  const lines: string[] = [];
  let path: string | null = null;
  for (const finding of findings) {
    if (finding.path !== path && finding.path !== null) lines.push(paint.bold(printable(finding.path)));
    path = finding.path;
    const place = finding.line === null ? "" : `${finding.line}:${finding.column ?? 1}`;
    const indent = path === null ? "" : `  ${paint.dim(place.padEnd(7))} `;
    lines.push(`${indent}${paint.severity(finding.severity)} ${printable(finding.message)}  ${paint.dim(finding.code)}`);
    const advice = adviceOf(finding);
    if (advice !== null) lines.push(`${" ".repeat(path === null ? 8 : 18)}${paint.dim(`→ ${printable(advice)}`)}`);
  }
  if (lines.length > 0) lines.push("");
  return lines;
}

/** What to do about a finding, unless its message says it already. */
function adviceOf({ message, expected, hint }: Finding): string | null {
  if (hint !== undefined) return hint;
  return expected === undefined || message.endsWith(expected) ? null : `expected ${expected}`;
}

function renderBlock(block: Block, paint: Palette): readonly string[] {
  switch (block.type) {
    case "line":
      return [paint.mark(block.mark) + printable(block.text)];
    case "lines":
      return block.lines.map((line) => `  ${printable(line)}`.trimEnd());
    case "values":
      return columns(block.rows).map((line) => `  ${line}`);
  }
}

function columns(rows: readonly (readonly [label: string, value: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${printable(value)}`);
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
