import ts from "typescript";
import type { Check, Violation } from "../check.ts";
import { entryExports } from "../entry-exports.ts";
import { workspacePackages } from "../packages.ts";
import { lineOf } from "../source.ts";

/** A public function takes at most two arguments and options, no flags; an option may be given as undefined. */
export const signatures: Check = {
  name: "signatures",
  run: (repo) => {
    const packages = workspacePackages(repo);
    const seen = new Map<ts.Declaration, string>();
    for (const { folder, entries } of packages) {
      for (const { source } of entries.filter((entry) => entry.source.endsWith(".ts") && repo.files.has(entry.source))) {
        for (const { path, nodes } of entryExports(repo, packages, source)) {
          if (path.startsWith(`${folder}/`)) for (const node of nodes) seen.set(node, path);
        }
      }
    }
    return [...seen].flatMap(([node, path]) => problemsOf(node).map(({ at, message }): Violation => ({ path, line: lineOf(at), message })));
  },
};

/** `Other["option"]` is as open as the option it repeats. */
const openTypes: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.UndefinedKeyword,
  ts.SyntaxKind.UnknownKeyword,
  ts.SyntaxKind.IndexedAccessType,
]);

interface Problem {
  readonly at: ts.Node;
  readonly message: string;
}

function problemsOf(node: ts.Declaration): readonly Problem[] {
  if (ts.isFunctionDeclaration(node)) return functionProblems(node);
  if (ts.isInterfaceDeclaration(node) && node.name.text.endsWith("Options")) return optionProblems(node);
  return [];
}

function functionProblems(node: ts.FunctionDeclaration): readonly Problem[] {
  const name = node.name?.text ?? "";
  const flags = node.parameters.filter(({ type }) => type?.kind === ts.SyntaxKind.BooleanKeyword);
  return [
    ...(node.parameters.length <= 3
      ? []
      : [{ at: node, message: `"${name}" takes ${String(node.parameters.length)} parameters: at most two and options` }]),
    ...flags.map((at) => ({ at, message: `"${name}" takes a flag: write two functions, or name it in options` })),
  ];
}

function optionProblems(node: ts.InterfaceDeclaration): readonly Problem[] {
  return node.members.flatMap((member) => {
    if (!ts.isPropertySignature(member) || member.questionToken === undefined) return [];
    const parts = member.type === undefined ? [] : ts.isUnionTypeNode(member.type) ? member.type.types : [member.type];
    const open = parts.some(({ kind }) => openTypes.has(kind));
    return open
      ? []
      : [
          {
            at: member,
            message: `Option "${member.name.getText()}" of "${node.name.text}" cannot be given as undefined: add "| undefined"`,
          },
        ];
  });
}
