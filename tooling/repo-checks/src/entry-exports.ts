import ts from "typescript";
import type { WorkspacePackage } from "./packages.ts";
import type { Repo } from "./repo.ts";
import { parse, resolveModule } from "./source.ts";

/** Where a name is declared. */
export interface Declared {
  readonly path: string;
  /** Overloads and a type and value of one name are several; empty when the module does not declare the name. */
  readonly nodes: readonly ts.Declaration[];
}

/** One name that an entry exports. */
export interface ExportedName extends Declared {
  readonly name: string;
}

/** Follows names through re-exports to their declarations, by syntax alone: no build, no type checker. */
export function entryExports(repo: Repo, packages: readonly WorkspacePackage[], entry: string): readonly ExportedName[] {
  return exportedNames(parse(repo, entry))
    .toSorted()
    .map((name) => ({ name, ...findExport(repo, packages, { path: entry, name }) }));
}

/** A name in a module. */
export interface NameInModule {
  readonly path: string;
  readonly name: string;
}

/** Finds what a module exports under a name. */
function findExport(repo: Repo, packages: readonly WorkspacePackage[], { path, name }: NameInModule): Declared {
  for (const statement of parse(repo, path).statements) {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
    const specifier = statement.exportClause.elements.find((element) => element.name.text === name);
    if (specifier === undefined) continue;
    const original = (specifier.propertyName ?? specifier.name).text;
    if (statement.moduleSpecifier === undefined) return findName(repo, packages, { path, name: original });
    const target = resolveModule(path, (statement.moduleSpecifier as ts.StringLiteral).text, packages);
    return target === undefined ? { path, nodes: [] } : findExport(repo, packages, { path: target, name: original });
  }
  return findName(repo, packages, { path, name });
}

/** Finds what a name means at the top level of a module: declared there, or imported. */
export function findName(repo: Repo, packages: readonly WorkspacePackage[], { path, name }: NameInModule): Declared {
  const file = parse(repo, path);
  const nodes = file.statements.flatMap(declarationsOf).filter((node) => nameOf(node) === name);
  if (nodes.length > 0) return { path, nodes };
  for (const statement of file.statements) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const binding = bindings.elements.find((element) => element.name.text === name);
    if (binding === undefined) continue;
    const target = resolveModule(path, ((statement as ts.ImportDeclaration).moduleSpecifier as ts.StringLiteral).text, packages);
    return target === undefined
      ? { path, nodes: [] }
      : findExport(repo, packages, { path: target, name: (binding.propertyName ?? binding.name).text });
  }
  return { path, nodes: [] };
}

function exportedNames(file: ts.SourceFile): readonly string[] {
  const names = file.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined) {
      const clause = statement.exportClause;
      return ts.isNamedExports(clause) ? clause.elements.map((element) => element.name.text) : [clause.name.text];
    }
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ? declarationsOf(statement).map(nameOf) : [];
  });
  return [...new Set(names)];
}

function declarationsOf(statement: ts.Statement): readonly ts.Declaration[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations;
  const named = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement);
  return named || ts.isTypeAliasDeclaration(statement) ? [statement] : [];
}

function nameOf(node: ts.Declaration): string {
  const { name } = node as ts.NamedDeclaration;
  return name !== undefined && ts.isIdentifier(name) ? name.text : "";
}
