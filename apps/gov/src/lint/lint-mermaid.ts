import type { Finding } from "@gov/schema";
import type { Page } from "./lint-links.ts";

const kinds = [
  ...[
    "flowchart",
    "graph",
    "sequenceDiagram",
    "classDiagram",
    "classDiagram-v2",
    "stateDiagram",
    "stateDiagram-v2",
    "erDiagram",
    "journey",
  ],
  ...["gantt", "pie", "quadrantChart", "requirementDiagram", "gitGraph", "mindmap", "timeline", "zenuml", "sankey-beta", "xychart-beta"],
  ...["block-beta", "packet-beta", "packet", "architecture-beta", "kanban", "radar-beta", "treemap-beta"],
  ...["C4Context", "C4Container", "C4Component", "C4Dynamic", "C4Deployment"],
];
const directions = /^(?:TB|TD|BT|RL|LR)$/;
/** Words that open a block which `end` closes, by the kind of diagram. */
const openers: Readonly<Record<string, RegExp>> = {
  flowchart: /^subgraph\b/,
  graph: /^subgraph\b/,
  sequenceDiagram: /^(?:alt|opt|loop|par|critical|break|rect|box)\b/,
};
const pairs: Readonly<Record<string, string>> = { "[": "]", "(": ")", "{": "}" };

/**
 * Finds what no version of Mermaid can draw: an unknown kind of diagram, a block that is not closed, brackets that do not match, an arrow without an end, a
 * message without a text. What a diagram means, only Mermaid itself can judge.
 */
export function lintMermaid({ path, text }: Page): readonly Finding[] {
  const diagrams = path.endsWith(".mmd") || path.endsWith(".mermaid") ? [{ source: text, line: 1 }] : fencesOf(text);
  return diagrams.flatMap(({ source, line }) =>
    problemsOf(source).map(({ at, message }) => ({
      code: "CLI_MERMAID_INVALID",
      severity: "error" as const,
      message,
      path,
      line: line + at,
      column: null,
    })),
  );
}

function fencesOf(text: string): readonly { readonly source: string; readonly line: number }[] {
  return [...text.matchAll(/^( *)(`{3,}|~{3,}) *mermaid\b[^\n]*\n([\s\S]*?)(?:^ *\2 *$|$(?![\s\S]))/gm)].map(
    ({ 3: source = "", index }) => ({
      source,
      line: text.slice(0, index).split("\n").length + 1,
    }),
  );
}

interface Problem {
  /** Lines from the first. */
  readonly at: number;
  readonly message: string;
}

function problemsOf(source: string): readonly Problem[] {
  const lines = meaningfulLines(source);
  const [head] = lines;
  if (head === undefined) return [{ at: 0, message: "The diagram is empty" }];
  const [kind = "", direction] = head.text.split(/[\s;:]+/);
  if (!kinds.includes(kind)) return [{ at: head.at, message: `"${kind}" is no kind of Mermaid diagram` }];
  const isFlow = kind === "flowchart" || kind === "graph";
  const problems: Problem[] = [];
  if (isFlow && direction !== undefined && direction !== "" && !directions.test(direction))
    problems.push({ at: head.at, message: `"${direction}" is no direction: TB, TD, BT, RL or LR` });
  const open: number[] = [];
  for (const { text, at } of lines.slice(1)) {
    if (openers[kind]?.test(text) === true) open.push(at);
    else if (text === "end" && openers[kind] !== undefined && open.pop() === undefined)
      problems.push({ at, message: '"end" closes nothing' });
    if (isFlow) {
      const bracket = unmatched(text);
      if (bracket !== null) problems.push({ at, message: `"${bracket}" has no counterpart` });
      if (/(?:--+>?|==+>?|-\.+->?)\s*$/.test(text)) problems.push({ at, message: "The arrow leads nowhere" });
    }
    if (kind === "sequenceDiagram" && /--?>>?|--?[x)]/.test(text) && !/^(?:note|title)\b/i.test(text) && !text.includes(":"))
      problems.push({ at, message: "The message has no text: it stands after a colon" });
  }
  return [...problems, ...open.map((at) => ({ at, message: 'The block is not closed: "end" is missing' }))];
}

/** Lines that say something: without front matter, comments and directives. */
function meaningfulLines(source: string): readonly { readonly text: string; readonly at: number }[] {
  const blanked = source.replace(/^---\n[\s\S]*?\n---$/m, (matter) => matter.replace(/[^\n]/g, ""));
  return blanked
    .split("\n")
    .map((line, at) => ({ text: line.trim(), at }))
    .filter(({ text }) => text !== "" && !text.startsWith("%%"));
}

/** The first bracket of a line that nothing opens or closes, texts in quotes aside. */
function unmatched(line: string): string | null {
  const open: string[] = [];
  // The asymmetric node `id>text]` opens by an angle.
  for (const letter of line.replace(/"[^"]*"/g, "").replace(/(\w)>([^\]\n]*)\]/g, "$1")) {
    if (pairs[letter] !== undefined) open.push(letter);
    else if (Object.values(pairs).includes(letter) && pairs[open.pop() ?? ""] !== letter) return letter;
  }
  return open[0] ?? null;
}
