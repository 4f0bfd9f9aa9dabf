/** One fenced code block of a Markdown text. */
export interface Fence {
  /** The words after the opening backticks: `ts no-assert`. */
  readonly info: string;
  /** The 1-based line of the first line of code. */
  readonly line: number;
  /** The code without the fences, each line ended by a newline. */
  readonly code: string;
}

/** Lists the backtick fences of a Markdown text in order; a fence inside a longer fence is content (CommonMark 4.5). */
export function fences(markdown: string): readonly Fence[] {
  const found: Fence[] = [];
  const lines = markdown.split(/\r?\n/);
  let open: { readonly ticks: number; readonly indent: number; readonly info: string; readonly line: number } | undefined;
  let code: string[] = [];
  lines.forEach((text, index) => {
    if (open === undefined) {
      const start = /^( *)(`{3,})([^`]*)$/.exec(text);
      if (start === null) return;
      open = { indent: start[1]?.length ?? 0, ticks: start[2]?.length ?? 0, info: start[3]?.trim() ?? "", line: index + 2 };
      code = [];
      return;
    }
    const end = /^ *(`{3,}) *$/.exec(text)?.[1]?.length ?? 0;
    if (end >= open.ticks) {
      found.push({ info: open.info, line: open.line, code: code.map((line) => `${line}\n`).join("") });
      open = undefined;
      return;
    }
    code.push(text.slice(Math.min(open.indent, text.length - text.trimStart().length)));
  });
  if (open !== undefined) throw new SyntaxError(`Fence opened before line ${String(open.line)} is never closed`);
  return found;
}
