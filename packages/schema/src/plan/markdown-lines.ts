/** One line of Markdown that says something: no code block, no comment. */
export interface MarkdownLine {
  /** 1-based line of the document. */
  readonly line: number;
  /** As written, comments cut out. */
  readonly text: string;
  /** Level of a heading, null for any other line. */
  readonly level: number | null;
  /** Text of a heading without its marks. */
  readonly heading: string;
}

/** Longest line that is read; a longer one is passed over and reported by the caller. */
export const maxMarkdownLine = 8_192;

/** The lines of a text that are neither in a code block nor in a comment. */
export function markdownLines(body: string, startLine: number): readonly MarkdownLine[] {
  const lines: MarkdownLine[] = [];
  let fence: string | null = null;
  let inComment = false;
  for (const [index, whole] of body.split(/\r\n|\r|\n/).entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(whole)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence) === true) fence = null;
      continue;
    }
    const { text, open } = withoutComments(whole, inComment);
    inComment = open;
    if (!open && mark !== undefined) {
      fence = mark;
      continue;
    }
    const heading = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/.exec(text.slice(0, maxMarkdownLine));
    lines.push({
      line: startLine + index,
      text,
      level: heading?.[1]?.length ?? null,
      heading: plainText(heading?.[2]?.replace(/[ \t]#+[ \t]*$/, "") ?? ""),
    });
  }
  return lines;
}

/** Text without marks of emphasis and code. */
export function plainText(text: string): string {
  return text.replaceAll(/\*\*|__|`/g, "").trim();
}

function withoutComments(text: string, inComment: boolean): { readonly text: string; readonly open: boolean } {
  let rest = text;
  let kept = "";
  let open = inComment;
  while (rest !== "") {
    const end = rest.indexOf(open ? "-->" : "<!--");
    if (end < 0) return { text: open ? kept : kept + rest, open };
    if (!open) kept += rest.slice(0, end);
    rest = rest.slice(end + (open ? 3 : 4));
    open = !open;
  }
  return { text: kept, open };
}
