import ts from "typescript";
import type { Check, Violation } from "../check.ts";
import { type ExportedName, entryExports } from "../entry-exports.ts";
import { workspacePackages } from "../packages.ts";
import type { Repo } from "../repo.ts";
import { lineOf, parse } from "../source.ts";

/** Every export has a doc comment; every entry introduces itself and shows at least one titled example. */
export const exportsDocumented: Check = {
  name: "exports",
  run: (repo) => {
    const packages = workspacePackages(repo);
    return packages.flatMap(({ entries, folder }) =>
      entries.flatMap(({ source, specifier }) => {
        if (!repo.files.has(source))
          return [{ path: `${folder}/package.json`, line: 1, message: `Entry "${specifier}" leads to "${source}", which is absent` }];
        if (!source.endsWith(".ts")) return [];
        const exported = entryExports(repo, packages, source);
        return [...entryProblems(repo, source, exported), ...exported.flatMap((name) => exportProblems(name, folder))];
      }),
    );
  },
};

function entryProblems(repo: Repo, path: string, exported: readonly ExportedName[]): readonly Violation[] {
  const file = parse(repo, path);
  const opening = /^\s*\/\*\*[\s\S]*?\*\//.exec(file.text)?.[0] ?? "";
  const examples = [opening, ...exported.flatMap(({ nodes }) => nodes.map(docOf))].flatMap((doc) => [
    ...doc.matchAll(/^[\s*/]*@example(.*)$/gm),
  ]);
  const complain = (message: string): Violation => ({ path, line: 1, message });
  return [
    ...(opening.includes("@packageDocumentation")
      ? []
      : [complain("Entry does not open with a doc comment carrying @packageDocumentation")]),
    ...(exported.length === 0 ? [complain("Entry exports nothing")] : []),
    ...(examples.length > 0 ? [] : [complain("Entry has no @example, neither in its opening nor on an export")]),
    ...(examples.some(([, title = ""]) => title.trim() === "") ? [complain("An @example of this entry has no title")] : []),
  ];
}

function exportProblems({ name, path, nodes }: ExportedName, folder: string): readonly Violation[] {
  if (!path.startsWith(`${folder}/`)) return [];
  const [first] = nodes;
  if (first === undefined) return [{ path, line: 1, message: `Export "${name}" has no declaration that can be found` }];
  if (nodes.some((node) => /\/\*\*\s*\*?\s*[^\s*/]/.test(docOf(node)))) return [];
  return [{ path, line: lineOf(first), message: `Export "${name}" has no doc comment` }];
}

function docOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter((part) => ts.isJSDoc(part))
    .map((part) => part.getFullText())
    .join("\n");
}
