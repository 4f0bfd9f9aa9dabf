import ts from "typescript";

/** One doc comment of a TypeScript source, as the Markdown inside it. */
export interface DocComment {
  /** The 1-based line of the comment's opening. */
  readonly line: number;
  /** The text without the comment marks; its n-th line stands on the n-th line of the comment. */
  readonly text: string;
}

/** Lists the doc comments of a source in order; a glob such as `src/**` in a string is no comment, so the parser decides. */
export function docComments(path: string, source: string): readonly DocComment[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found = new Map<number, DocComment>();
  const visit = (node: ts.Node): void => {
    const { jsDoc = [] } = node as { readonly jsDoc?: readonly ts.JSDoc[] };
    for (const comment of jsDoc) {
      const line = file.getLineAndCharacterOfPosition(comment.pos).line + 1;
      found.set(comment.pos, { line, text: unmark(source.slice(comment.pos, comment.end)) });
    }
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  return [...found.entries()].sort(([a], [b]) => a - b).map(([, comment]) => comment);
}

function unmark(comment: string): string {
  return comment
    .replace(/\*\/$/, "")
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? line.replace(/^\/\*\* ?/, "") : line.replace(/^\s*\* ?/, "").trimEnd()))
    .join("\n");
}
