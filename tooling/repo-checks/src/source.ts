import { posix } from "node:path";
import ts from "typescript";
import type { WorkspacePackage } from "./packages.ts";
import type { Repo } from "./repo.ts";

/** One module specifier in a source. */
export interface ImportedModule {
  readonly specifier: string;
  readonly line: number;
}

const parsed = new WeakMap<Repo, Map<string, ts.SourceFile>>();

/** Parses one module of the repository; each only once. */
export function parse(repo: Repo, path: string): ts.SourceFile {
  const files = parsed.get(repo) ?? new Map<string, ts.SourceFile>();
  parsed.set(repo, files);
  const known = files.get(path) ?? ts.createSourceFile(path, repo.files.get(path) ?? "", ts.ScriptTarget.Latest, true);
  files.set(path, known);
  return known;
}

/** The 1-based line on which a node begins, without the comments before it. */
export function lineOf(node: ts.Node): number {
  const file = node.getSourceFile();
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

/** Calls `visit` for every node of a source, parents first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Lists what a module imports or re-exports, as values or as types, statically or dynamically. */
export function importsOf(file: ts.SourceFile): readonly ImportedModule[] {
  const found: ImportedModule[] = [];
  walk(file, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) found.push({ specifier: specifier.text, line: lineOf(specifier) });
  });
  return found;
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0];
  return undefined;
}

/** The repository path that a specifier in the module `from` leads to; undefined for what is not of this workspace. */
export function resolveModule(from: string, specifier: string, packages: readonly WorkspacePackage[]): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  return packages.flatMap(({ entries }) => entries).find((entry) => entry.specifier === specifier)?.source;
}

/** The package that a bare specifier names: `@gov/schema` of `@gov/schema/canonical`; undefined for a relative or built-in one. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return undefined;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
