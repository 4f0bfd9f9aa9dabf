import ts from "typescript";
import type { Check, Violation } from "../check.ts";
import { workspacePackages } from "../packages.ts";
import type { Repo } from "../repo.ts";
import { importsOf, lineOf, parse, walk } from "../source.ts";

const members = new Set(["Date.now", "Math.random", "AbortSignal.timeout", "import.meta.dirname", "import.meta.filename"]);
const hosts = new Set(["globalThis", "global", "window"]);
const globals = new Set(["process", "console", "performance", "setTimeout", "setInterval", "setImmediate"]);
const anywhere = new Set(["randomBytes", "randomUUID", "getRandomValues"]);
const modules = /^(?:node:)?(?:process|timers|timers\/promises|perf_hooks|console)$/;

/** The libraries take clock, randomness, timers and process as ports; a port's one Node default stands in a file named `node-*.ts`. */
export const effects: Check = {
  name: "effects",
  run: (repo) =>
    workspacePackages(repo)
      .filter(({ app }) => !app)
      .flatMap(({ sources }) => sources.filter((path) => !/\/node-[^/]*$/.test(path)).flatMap((path) => findEffects(repo, path))),
};

function findEffects(repo: Repo, path: string): readonly Violation[] {
  const file = parse(repo, path);
  const found: Violation[] = importsOf(file)
    .filter(({ specifier }) => modules.test(specifier))
    .map(({ specifier, line }) => ({ path, line, message: complaint(`import of "${specifier}"`) }));
  walk(file, (node) => {
    const effect = effectOf(node);
    if (effect !== undefined) found.push({ path, line: lineOf(node), message: complaint(`\`${effect}\``) });
  });
  return found;
}

function complaint(what: string): string {
  return `Hidden effect: ${what}; take it as a port in options, or move the Node default into a file named node-*.ts`;
}

function effectOf(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && isDate(node.expression) && (node.arguments ?? []).length === 0) return "new Date()";
  if (ts.isCallExpression(node) && isDate(node.expression)) return "Date()";
  const member = memberOf(node);
  if (member !== undefined) {
    if (members.has(`${member.owner}.${member.name}`)) return `${member.owner}.${member.name}`;
    if (hosts.has(member.owner) && (globals.has(member.name) || member.name === "crypto")) return `${member.owner}.${member.name}`;
    return anywhere.has(member.name) ? member.name : undefined;
  }
  if (!ts.isIdentifier(node)) return undefined;
  if (anywhere.has(node.text)) return ts.isCallExpression(node.parent) || ts.isImportSpecifier(node.parent) ? node.text : undefined;
  return globals.has(node.text) && !isNameOfMember(node) ? node.text : undefined;
}

function isDate(node: ts.Node): boolean {
  return ts.isIdentifier(node) ? node.text === "Date" : memberOf(node)?.name === "Date";
}

function memberOf(node: ts.Node): { readonly owner: string; readonly name: string } | undefined {
  if (ts.isPropertyAccessExpression(node)) return { owner: ownerOf(node.expression), name: node.name.text };
  if (!ts.isElementAccessExpression(node) || !ts.isStringLiteralLike(node.argumentExpression)) return undefined;
  return { owner: ownerOf(node.expression), name: node.argumentExpression.text };
}

function ownerOf(expression: ts.Expression): string {
  if (ts.isMetaProperty(expression)) return "import.meta";
  if (ts.isIdentifier(expression)) return expression.text;
  const member = memberOf(expression);
  return member !== undefined && hosts.has(member.owner) ? member.name : "";
}

/** `x.process`, `{ process: 1 }` and `interface { process: … }` name a member; `{ process }` as a value reads the global. */
function isNameOfMember(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return true;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent);
  return named && parent.name === node;
}
