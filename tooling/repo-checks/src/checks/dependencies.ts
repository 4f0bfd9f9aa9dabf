import { builtinModules } from "node:module";
import type { Check, Violation } from "../check.ts";
import { type Arrows, arrows } from "../data/arrows.ts";
import { workspacePackages, type WorkspacePackage } from "../packages.ts";
import type { Repo } from "../repo.ts";
import { importsOf, packageOf, parse } from "../source.ts";

/** A run-time dependency is a decision: allowed, recorded, declared and really imported. */
export const dependencies: Check = { name: "dependencies", run: (repo) => findDependencies(repo, arrows) };

/** Compares what is declared, allowed, recorded and imported. */
export function findDependencies(repo: Repo, table: ReadonlyMap<string, Arrows>): readonly Violation[] {
  const recorded = recordedDependencies(repo);
  return workspacePackages(repo).flatMap((pkg) => {
    const path = `${pkg.folder}/package.json`;
    const allowed = table.get(pkg.name)?.thirdParty ?? [];
    const declared = Object.keys(pkg.manifest.dependencies ?? {}).filter((name) => !name.startsWith("@gov/"));
    const imports = thirdPartyImports(repo, pkg);
    const complain = (message: string): Violation => ({ path, line: 1, message });
    return [
      ...declared
        .filter((name) => !allowed.includes(name))
        .map((name) => complain(`"${name}" is not an allowed run-time dependency of "${pkg.name}"`)),
      ...allowed
        .filter((name) => !declared.includes(name))
        .map((name) => complain(`"${name}" is allowed for "${pkg.name}" but not declared: remove it`)),
      ...declared
        .filter((name) => !recorded.has(name))
        .map((name) => complain(`"${name}" has no record: write docs/decisions/*.md with the line "Dependency: ${name}"`)),
      ...declared
        .filter((name) => !imports.some((found) => found.name === name))
        .map((name) => complain(`No module in src imports "${name}"`)),
      ...imports
        .filter(({ name }) => !declared.includes(name))
        .map(({ name, ...place }) => ({ ...place, message: `"${name}" is imported but no dependency of "${pkg.name}"` })),
    ];
  });
}

function thirdPartyImports(
  repo: Repo,
  pkg: WorkspacePackage,
): readonly { readonly name: string; readonly path: string; readonly line: number }[] {
  return pkg.sources.flatMap((path) =>
    importsOf(parse(repo, path)).flatMap(({ specifier, line }) => {
      const name = packageOf(specifier);
      return name === undefined || name.startsWith("@gov/") || builtinModules.includes(name) ? [] : [{ name, path, line }];
    }),
  );
}

function recordedDependencies(repo: Repo): ReadonlySet<string> {
  const records = [...repo.files].filter(([path]) => /^docs\/decisions\/[^/]+\.md$/.test(path));
  return new Set(records.flatMap(([, text]) => [...text.matchAll(/^Dependency:\s*`?([@\w/.-]+)/gm)].flatMap(([, name]) => name ?? [])));
}
