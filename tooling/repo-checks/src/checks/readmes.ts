import ts from "typescript";
import type { Check, Violation } from "../check.ts";
import { entryExports } from "../entry-exports.ts";
import { workspacePackages, type WorkspacePackage } from "../packages.ts";
import type { Repo } from "../repo.ts";

/** A README names every function a user can call, and a test that exists for every guarantee it gives. */
export const readmes: Check = {
  name: "readmes",
  run: (repo) => {
    const packages = workspacePackages(repo);
    return packages.flatMap((pkg) => {
      const path = `${pkg.folder}/README.md`;
      const text = repo.files.get(path);
      return text === undefined ? [] : [...unlisted(repo, packages, pkg), ...unproven(repo, path, text)];
    });
  },
};

function unlisted(repo: Repo, packages: readonly WorkspacePackage[], { folder, entries }: WorkspacePackage): readonly Violation[] {
  const path = `${folder}/README.md`;
  const { line, text } = sectionOf(repo.files.get(path) ?? "", "API");
  const words = new Set(text.match(/\w+/g));
  const callable = entries
    .filter(({ source }) => source.endsWith(".ts") && repo.files.has(source))
    .flatMap(({ source, specifier }) => entryExports(repo, packages, source).map((exported) => ({ ...exported, specifier })))
    .filter(({ nodes }) => nodes.some((node) => !ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)));
  return callable
    .filter(({ name }) => !words.has(name))
    .map(({ name, specifier }) => ({ path, line, message: `"${name}" of "${specifier}" is missing under "API"` }));
}

function unproven(repo: Repo, path: string, readme: string): readonly Violation[] {
  const { line, text } = sectionOf(readme, "Guarantees and limits");
  const rows = text.split("\n").filter((row) => /^\|(?!\s*:?-)/.test(row));
  const tests = [...text.matchAll(/[\w./-]+\.test\.ts\b/g)].map(([name]) => name);
  const folder = path.slice(0, path.lastIndexOf("/"));
  const complain = (message: string): Violation => ({ path, line, message });
  return [
    ...(rows.length > 1 && tests.length > 0 ? [] : [complain('"Guarantees and limits" has no table that names a test')]),
    ...tests
      .filter((name) => !repo.files.has(name) && !repo.files.has(`${folder}/${name.replace(/^\.\//, "")}`))
      .map((name) => complain(`"Guarantees and limits" names "${name}", which does not exist`)),
  ];
}

function sectionOf(markdown: string, heading: string): { readonly line: number; readonly text: string } {
  const lines = markdown.split(/\r?\n/);
  const start = lines.indexOf(`## ${heading}`);
  if (start === -1) return { line: 1, text: "" };
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  return { line: start + 1, text: lines.slice(start + 1, length === -1 ? undefined : start + 1 + length).join("\n") };
}
