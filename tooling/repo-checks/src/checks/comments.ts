import ts from "typescript";
import type { Check, Violation } from "../check.ts";
import type { Repo } from "../repo.ts";
import { parse } from "../source.ts";

const ours = /^(?:packages|apps|tooling)\/[^/]+\/(?:src|test|bench)\/.*\.ts$/;
const rules: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  { pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/, message: "Comment postpones work: do it, or delete the comment" },
  { pattern: /^\/[/*]\s*(?:[-=*#~_]\s*){4,}/, message: "Comment draws a line: a file that needs one is two files" },
  { pattern: /@ts-(?:ignore|nocheck)\b/, message: "Comment silences the compiler: give the type, or `@ts-expect-error` with the reason" },
];

/** Comments say why; they neither postpone nor decorate. */
export const comments: Check = {
  name: "comments",
  run: (repo) =>
    [...repo.files.keys()].filter((path) => ours.test(path) && !path.includes(".gen.")).flatMap((path) => findComments(repo, path)),
};

function findComments(repo: Repo, path: string): readonly Violation[] {
  const file = parse(repo, path);
  const found = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    if (node.getChildCount(file) > 0) return node.getChildren(file).forEach(visit);
    const ranges = [
      ...(ts.getLeadingCommentRanges(file.text, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(file.text, node.end) ?? []),
    ];
    for (const { pos, end } of ranges) found.set(pos, file.text.slice(pos, end));
  };
  visit(file);
  return [...found].flatMap(([pos, text]) =>
    rules
      .filter(({ pattern }) => pattern.test(text))
      .map(({ message }) => ({ path, line: file.getLineAndCharacterOfPosition(pos).line + 1, message })),
  );
}
