import ts from "typescript";
import type { Repo } from "../repo.ts";
import { lineOf, parse } from "../source.ts";

/** One test, named by the titles around it. */
export interface TestTitle {
  readonly path: string;
  readonly line: number;
  /** `selectArtifact() › prefers approved over newer drafts (HYD-01)` */
  readonly title: string;
}

const isTest = (path: string): boolean => /^(?:packages|apps|tooling)\/[^/]+\/test\/.*\.test\.ts$/.test(path);

/** Lists every test that runs, sorted by path and line; a skipped one shows nothing. */
export function testTitles(repo: Repo): readonly TestTitle[] {
  return [...repo.files.keys()].filter(isTest).flatMap((path) => {
    const found: TestTitle[] = [];
    const visit = (node: ts.Node, outer: readonly string[]): void => {
      const call = ts.isCallExpression(node) ? titledCall(node) : undefined;
      const titles = call === undefined ? outer : [...outer, call.title];
      if (call?.skipped === true) return;
      if (call?.leaf === true) found.push({ path, line: lineOf(node), title: titles.join(" › ") });
      ts.forEachChild(node, (child) => visit(child, titles));
    };
    visit(parse(repo, path), []);
    return found;
  });
}

function titledCall(call: ts.CallExpression): { readonly title: string; readonly leaf: boolean; readonly skipped: boolean } | undefined {
  const [first] = call.arguments;
  const words = wordsOf(call.expression);
  if (first === undefined || !["describe", "it", "test", "suite"].includes(words[0] ?? "")) return undefined;
  const title = textOf(first);
  if (title === undefined) return undefined;
  return { title, leaf: words[0] === "it" || words[0] === "test", skipped: words.includes("skip") || words.includes("todo") };
}

/** `it.skipIf(x).each(rows)` is `it`, `skipIf`, `each`. */
function wordsOf(node: ts.Expression): readonly string[] {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isPropertyAccessExpression(node)) return [...wordsOf(node.expression), node.name.text];
  if (ts.isCallExpression(node)) return wordsOf(node.expression);
  return ts.isTaggedTemplateExpression(node) ? wordsOf(node.tag) : [];
}

function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
}
