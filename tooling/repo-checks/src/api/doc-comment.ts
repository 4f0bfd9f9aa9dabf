import ts from "typescript";

/** What a doc comment says, with its tags apart. */
export interface Doc {
  /** The text before the first tag, as Markdown. */
  readonly text: string;
  readonly tags: readonly DocTag[];
}

/** One tag: `@throws RangeError when …` is `throws` with the rest as its text. */
export interface DocTag {
  readonly name: string;
  readonly text: string;
}

/** Reads the doc comment of a declaration; the one nearest to it when there are several. */
export function docOf(node: ts.Node): Doc {
  const comments = ts.getJSDocCommentsAndTags(node).filter((one) => ts.isJSDoc(one));
  const comment = comments.at(-1);
  return comment === undefined ? { text: "", tags: [] } : parseDoc(comment.getText());
}

/** Reads a comment with its marks. A line that begins with a tag ends what stands before, but not inside a fence. */
export function parseDoc(comment: string): Doc {
  const parts: { name: string; lines: string[] }[] = [{ name: "", lines: [] }];
  let isFenced = false;
  for (const line of unmark(comment)) {
    const tag = isFenced ? null : /^@(\w+) ?(.*)$/.exec(line);
    if (/^ *```/.test(line)) isFenced = !isFenced;
    if (tag === null) parts.at(-1)?.lines.push(line);
    else parts.push({ name: tag[1] ?? "", lines: [tag[2] ?? ""] });
  }
  const [first, ...tags] = parts.map(({ name, lines }) => ({ name, text: withoutLinks(lines.join("\n").trim()) }));
  return { text: first?.text ?? "", tags };
}

function unmark(comment: string): readonly string[] {
  return comment
    .replace(/^\/\*\* ?/, "")
    .replace(/\s*\*\/$/, "")
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? line : line.replace(/^\s*\* ?/, "")).trimEnd());
}

/** `{@link name}` and `{@link name | text}` mean something to an editor only. */
function withoutLinks(text: string): string {
  return text.replaceAll(/\{@link\s+([^}|]+?)(?:\s*\|\s*([^}]+?))?\s*\}/g, (_, name: string, words?: string) => words ?? `\`${name}\``);
}
