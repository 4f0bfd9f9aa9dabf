import { posix } from "node:path";
import type { Check, Violation } from "../check.ts";
import { type Arrows, arrows } from "../data/arrows.ts";
import { workspacePackages, type WorkspacePackage } from "../packages.ts";
import type { Repo } from "../repo.ts";
import { importsOf, packageOf, parse } from "../source.ts";

/** What tests share; it knows no package. */
const testTools = "@gov/tooling-vitest";

/** Imports only point down: an arrow between packages exists in the table, in the manifest and in the code, or nowhere. */
export const layering: Check = { name: "layering", run: (repo) => findArrows(repo, arrows) };

/** Finds every arrow that `table` does not allow, and every arrow that only one of manifest and code knows. */
export function findArrows(repo: Repo, table: ReadonlyMap<string, Arrows>): readonly Violation[] {
  return workspacePackages(repo).flatMap((pkg) => {
    const allowed = table.get(pkg.name)?.workspace;
    const manifest = `${pkg.folder}/package.json`;
    if (allowed === undefined)
      return [{ path: manifest, line: 1, message: `Unknown package "${pkg.name}": add it to the table of arrows` }];
    return [...declared(pkg, manifest, allowed), ...imported(repo, pkg, allowed)];
  });
}

function declared(pkg: WorkspacePackage, path: string, allowed: readonly string[]): readonly Violation[] {
  const found = Object.keys(pkg.manifest.dependencies ?? {}).filter((name) => name.startsWith("@gov/"));
  return [
    ...found
      .filter((name) => !allowed.includes(name))
      .map((name) => ({ path, line: 1, message: `Forbidden arrow: "${pkg.name}" must not depend on "${name}"` })),
    ...allowed
      .filter((name) => !found.includes(name))
      .map((name) => ({ path, line: 1, message: `Missing arrow: the table says that "${pkg.name}" depends on "${name}"` })),
  ];
}

function imported(repo: Repo, pkg: WorkspacePackage, allowed: readonly string[]): readonly Violation[] {
  const used = new Set<string>();
  const violations: Violation[] = [];
  for (const path of [...pkg.sources, ...pkg.tests]) {
    for (const { specifier, line } of importsOf(parse(repo, path))) {
      const target = packageOf(specifier);
      const report = (message: string): void => void violations.push({ path, line, message });
      const file = specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
      if (file?.startsWith(`${pkg.folder}/`) === false) report(`Import of "${specifier}" leaves the package: import by package name`);
      if (!pkg.app && pkg.tests.includes(path) && file?.startsWith(`${pkg.folder}/src/`) === true && !file.includes("/internal/")) {
        report(`Import of "${specifier}" goes past the entries: a test imports by package name, unless it tests src/internal`);
      }
      if (target?.startsWith("@gov/") !== true) continue;
      if (pkg.sources.includes(path)) used.add(target);
      else if (target === testTools) continue;
      if (/^@gov\/[^/]+\/(?:src|dist|internal)(?:\/|$)/.test(specifier))
        report(`Import of "${specifier}" reaches into another package: use its entries`);
      if (target === pkg.name ? pkg.sources.includes(path) : !allowed.includes(target)) {
        report(`Forbidden arrow: "${pkg.name}" must not import "${target}"`);
      }
    }
  }
  const unused = Object.keys(pkg.manifest.dependencies ?? {}).filter((name) => name.startsWith("@gov/") && !used.has(name));
  return [
    ...violations,
    ...unused.map((name) => ({ path: `${pkg.folder}/package.json`, line: 1, message: `Unused arrow: no module in src imports "${name}"` })),
  ];
}
