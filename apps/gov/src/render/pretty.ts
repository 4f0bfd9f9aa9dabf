import type { Finding, Severity } from "@gov/schema";
import type { Block, Mark, Outcome } from "../command.ts";
import { aligned } from "./aligned.ts";
import { printable } from "./printable.ts";
import { wrapWords } from "./wrap-words.ts";

/** How text is drawn. */
export interface PrettyStyle {
  /** Only on a terminal that wants it. */
  readonly colour: boolean;
  /** Whether only the findings that fail are drawn. @default false */
  readonly quiet?: boolean | undefined;
  /** The lightest finding that fails. @default "error" */
  readonly failOn?: "error" | "warning" | undefined;
  /**
   * Sentences are laid out in so many columns; set where a person looks, whose terminal would break them inside of words. Indented lines and raw text stay as they are.
   * @default no line is broken
   */
  readonly columns?: number | undefined;
}

/** Renders an outcome for people: findings grouped by file, then what the command found out. */
export function renderPretty(outcome: Outcome, { colour, quiet = false, failOn = "error", columns = Infinity }: PrettyStyle): string {
  const paint = palette(colour);
  const raw = outcome.view.flatMap((block) => (block.type === "raw" ? [block.text] : []));
  if (raw.length > 0) return raw.join("");
  const failing: readonly Severity[] = failOn === "error" ? ["error"] : ["error", "warning"];
  const findings = quiet ? outcome.findings.filter(({ severity }) => failing.includes(severity)) : outcome.findings;
  const view = quiet ? outcome.view.filter((block) => block.type === "line" && block.mark === "fail") : outcome.view;
  const lines = [...renderFindings(findings, paint, columns), ...view.flatMap((block) => renderBlock(block, paint, columns))];
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function renderFindings(findings: readonly Finding[], paint: Palette, columns: number): readonly string[] {
  const lines: string[] = [];
  let path: string | null = null;
  for (const finding of findings) {
    if (finding.path !== path && finding.path !== null) lines.push(paint.bold(printable(finding.path)));
    path = finding.path;
    const place = finding.line === null ? "" : `${finding.line}:${finding.column ?? 1}`;
    const indent = path === null ? "" : `  ${paint.dim(place.padEnd(7))} `;
    const margin = " ".repeat(path === null ? 8 : 18);
    const { code } = finding;
    const [first = "", ...more] = wrapWords(`${printable(finding.message)}  ${code}`, columns - margin.length).map((line) =>
      line.endsWith(code) ? `${line.slice(0, -code.length)}${paint.dim(code)}` : line,
    );
    lines.push(`${indent}${paint.severity(finding.severity)} ${first}`, ...more.map((line) => margin + line));
    const advice = adviceOf(finding);
    if (advice === null) continue;
    const told = wrapWords(printable(advice), columns - margin.length - 2);
    lines.push(...told.map((line, at) => `${margin}${paint.dim(`${at === 0 ? "→" : " "} ${line}`)}`));
  }
  if (lines.length > 0) lines.push("");
  return lines;
}

/** What to do about a finding, unless its message says it already. */
function adviceOf({ message, expected, hint }: Finding): string | null {
  if (hint !== undefined) return hint;
  return expected === undefined || message.endsWith(expected) ? null : `expected ${expected}`;
}

function renderBlock(block: Block, paint: Palette, columns: number): readonly string[] {
  switch (block.type) {
    case "line": {
      const [first = "", ...more] = wrapWords(printable(block.text), columns - 2);
      return [paint.mark(block.mark) + first, ...more.map((line) => `  ${line}`)];
    }
    case "lines":
      return block.lines.map((line) => `  ${printable(line)}`.trimEnd());
    case "values":
      return aligned(block.rows, columns).flat();
    case "table": {
      const [head = [], ...rows] = aligned([block.head, ...block.rows], columns);
      return [...head.map(paint.dim), ...rows.flat()];
    }
    case "raw":
      return [block.text];
  }
}

interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly severity: (severity: Finding["severity"]) => string;
  readonly mark: (mark: Mark) => string;
}

function palette(colour: boolean): Palette {
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
