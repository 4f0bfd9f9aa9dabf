import ts from "typescript";
import type { Check, Violation } from "../check.ts";
import { workspacePackages } from "../packages.ts";
import type { Repo } from "../repo.ts";
import { lineOf, parse, walk } from "../source.ts";

/** Messages are sentences without a final period, in string and template literals alike. */
export const messages: Check = {
  name: "messages",
  run: (repo) =>
    workspacePackages(repo).flatMap(({ sources }) =>
      sources.filter((path) => !path.includes(".gen.")).flatMap((path) => findMessages(repo, path)),
    ),
};

function findMessages(repo: Repo, path: string): readonly Violation[] {
  const found: Violation[] = [];
  walk(parse(repo, path), (node) => {
    for (const message of messagesIn(node)) {
      for (const problem of problemsOf(message)) found.push({ path, line: lineOf(message), message: problem });
    }
  });
  return found;
}

type Message = ts.StringLiteralLike | ts.TemplateExpression;

/** The message of an error is the first text beside its code, whether `new XError(…)` builds it or a function that takes a code. */
function messagesIn(node: ts.Node): readonly Message[] {
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === "message") return literals(node.initializer);
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return [];
  const [first, ...rest] = (node.arguments ?? []).map(literals);
  if (first === undefined) return [];
  const built = ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text.endsWith("Error");
  if (!built && !ts.isThrowStatement(node.parent)) return [];
  if (first.length > 0 && first.every(isCode)) return rest.find((found) => found.length > 0) ?? [];
  return built ? first : [];
}

function isCode(text: Message): boolean {
  return ts.isStringLiteralLike(text) && /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(text.text);
}

function literals(node: ts.Expression): readonly Message[] {
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) ? [node] : [];
}

function problemsOf(message: Message): readonly string[] {
  const head = ts.isTemplateExpression(message) ? message.head.text : message.text;
  const tail = ts.isTemplateExpression(message) ? (message.templateSpans.at(-1)?.literal.text ?? "") : message.text;
  return [
    ...(/^[a-z]/.test(head) ? [`Message begins in lower case: "${head}"`] : []),
    ...(/[.!]\s*$/.test(tail) ? [`Message ends with a period: "…${tail.slice(-30)}"`] : []),
  ];
}
