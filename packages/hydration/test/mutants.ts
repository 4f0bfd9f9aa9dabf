import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";

/** One small change of one source file. */
export interface Mutant {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** File, line with its place, and the change: how an explanation names it. */
  readonly name: string;
}

const source = fileURLToPath(new URL("../src/", import.meta.url));
const cache = fileURLToPath(new URL("../node_modules/.cache/mutants/", import.meta.url));
const judge = fileURLToPath(new URL("mutation-judge.ts", import.meta.url));

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
    const { line } = tree.getLineAndCharacterOfPosition(start);
    const lineText = text.split("\n")[line]?.trim() ?? "";
    mutants.push({ file, start, end, replacement, name: `${file}: ${text.slice(start, end)} => ${replacement} in ${lineText}` });
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

/** Builds the package with one change, or with none, and asks the judge whether the specification still holds. */
export async function survives(mutant: Mutant | null, options: { readonly slot: string }): Promise<boolean> {
  const target = join(cache, options.slot);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(source, target, { recursive: true });
  for (const name of readdirSync(target, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const text = readFileSync(join(target, name), "utf8");
    const isMutated = mutant?.file === name.replaceAll("\\", "/");
    const changed = isMutated ? text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end) : text;
    const { outputText } = ts.transpileModule(changed, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true },
    });
    writeFileSync(join(target, name.replace(/\.ts$/, ".js")), outputText.replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"'));
  }
  try {
    const parameters = ["--conditions=@gov/source", "--disable-warning=ExperimentalWarning", judge, target];
    await promisify(execFile)(process.execPath, parameters, { timeout: 60_000 });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}
