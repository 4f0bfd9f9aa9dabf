import ts from "typescript";
import type { Example } from "./collect-examples.ts";

/** One reason why an example may not be published, whatever it does when run. */
export interface ExampleProblem {
  readonly line: number;
  readonly message: string;
}

/** Finds what running on today's Node cannot show: no assertion, or syntax that Node 20 cannot parse. */
export function inspectExample(example: Example): readonly ExampleProblem[] {
  const source = ts.createSourceFile("example.mts", example.code, ts.ScriptTarget.Latest, true);
  const asserts = new Set<string>();
  const problems: ExampleProblem[] = [];
  let asserted = false;
  const lineOf = (node: ts.Node): number => example.line + source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && /^node:assert(?:\/strict)?$/.test((node.moduleSpecifier as ts.StringLiteral).text)) {
      for (const name of namesOf(node)) asserts.add(name);
    }
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0) {
      problems.push({ line: lineOf(node), message: "`using` in an example: Node 20 cannot parse it" });
    }
    if (ts.isCallExpression(node)) asserted ||= asserts.has(rootOf(node.expression));
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (example.needsAssertion && !asserted) {
    problems.push({
      line: example.line,
      message: "no assertion from node:assert/strict; mark the fence `ts no-assert` when there is nothing to show",
    });
  }
  return problems;
}

function namesOf({ importClause }: ts.ImportDeclaration): readonly string[] {
  const bindings = importClause?.namedBindings;
  const named = bindings === undefined ? [] : ts.isNamespaceImport(bindings) ? [bindings.name] : bindings.elements.map(({ name }) => name);
  return [importClause?.name, ...named].flatMap((name) => (name === undefined ? [] : [name.text]));
}

function rootOf(expression: ts.Expression): string {
  if (ts.isPropertyAccessExpression(expression)) return rootOf(expression.expression);
  return ts.isIdentifier(expression) ? expression.text : "";
}
