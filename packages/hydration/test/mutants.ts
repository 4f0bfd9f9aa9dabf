import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** One small change of one source file. */
export interface Mutant {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** File, change, and the line with the column it starts at: how an explanation names it. */
  readonly name: string;
}

const source = fileURLToPath(new URL("../src/", import.meta.url));
const cache = fileURLToPath(new URL("../node_modules/.cache/mutants/", import.meta.url));

const swaps: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
]);

/** Every mutant of a file: operators swapped, conditions fixed, negations dropped, numbers moved, `some` and `every` exchanged. */
export function mutantsOf(file: string): readonly Mutant[] {
  const text = readFileSync(join(source, file), "utf8");
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, replacement: string): void => {
    const [start, end] = [node.getStart(tree), node.getEnd()];
    const { line, character } = tree.getLineAndCharacterOfPosition(start);
    const lineText = text.split("\n")[line] ?? "";
    const column = character - (lineText.length - lineText.trimStart().length) + 1;
    mutants.push({ file, start, end, replacement, name: `${file}: ${replacement} at ${column} of ${lineText.trim()}` });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isThrowStatement(node)) return;
    if (ts.isBinaryExpression(node)) {
      const swap = swaps.get(node.operatorToken.kind);
      if (swap !== undefined) add(node.operatorToken, swap);
    }
    if (ts.isConditionalExpression(node)) for (const fixed of ["true", "false"]) add(node.condition, fixed);
    if (ts.isIfStatement(node)) for (const fixed of ["true", "false"]) add(node.expression, fixed);
    if (ts.isPrefixUnaryExpression(node) && node.operator !== ts.SyntaxKind.PlusPlusToken) add(node, node.operand.getText(tree));
    if (ts.isNumericLiteral(node)) add(node, String(Number(node.text) + 1));
    if (ts.isPropertyAccessExpression(node) && node.name.text === "some") add(node.name, "every");
    if (ts.isPropertyAccessExpression(node) && node.name.text === "every") add(node.name, "some");
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return mutants;
}

const sources: ReadonlyMap<string, string> = new Map(
  readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name.replaceAll("\\", "/"), readFileSync(join(source, name), "utf8")]),
);
const compiled = new Map([...sources].map(([name, text]) => [name, compile(text)]));

/** Builds the package with one change, or with none, and hands the folder to a judge. */
export async function withMutant<T>(mutant: Mutant | null, judge: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(cache, { recursive: true });
  const target = mkdtempSync(join(cache, "m-"));
  try {
    for (const [name, text] of compiled) {
      const original = sources.get(name) as string;
      const isMutated = mutant?.file === name;
      const path = join(target, name.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, isMutated ? compile(original.slice(0, mutant.start) + mutant.replacement + original.slice(mutant.end)) : text);
    }
    return await judge(target);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

function compile(text: string): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true },
  });
  return outputText.replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"');
}
