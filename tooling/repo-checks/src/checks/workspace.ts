import { parse as parseYaml } from "yaml";
import type { Check, Violation } from "../check.ts";
import { rootEntries } from "../data/root-entries.ts";
import { readManifest } from "../packages.ts";
import type { Repo } from "../repo.ts";

/** The root stays calm, and a dependency that several folders share has one version, in the catalog. */
export const workspace: Check = { name: "workspace", run: (repo) => [...rootProblems(repo), ...catalogProblems(repo)] };

function rootProblems(repo: Repo): readonly Violation[] {
  const found = [...new Set([...repo.files.keys()].map((path) => path.split("/", 1)[0] ?? ""))];
  return found
    .filter((path) => !rootEntries.has(path))
    .map((path) => ({ path, line: 1, message: `"${path}" does not belong in the root` }));
}

function catalogProblems(repo: Repo): readonly Violation[] {
  const { catalog = {} } = (parseYaml(repo.files.get("pnpm-workspace.yaml") ?? "") ?? {}) as {
    readonly catalog?: Readonly<Record<string, string>>;
  };
  const uses = [...repo.files.keys()]
    .filter((path) => /^(?:(?:packages|apps|tooling)\/[^/]+\/)?package\.json$/.test(path))
    .flatMap((path) => {
      const { dependencies = {}, devDependencies = {} } = readManifest(repo, path);
      return Object.entries({ ...devDependencies, ...dependencies }).map(([name, range]) => ({ path, name, range }));
    });
  return uses.flatMap(({ path, name, range }) => {
    if (name.startsWith("@gov/")) {
      return range.startsWith("workspace:")
        ? []
        : [{ path, line: 1, message: `"${name}" is "${range}": a package of this workspace is "workspace:^"` }];
    }
    if (range === "catalog:")
      return name in catalog ? [] : [{ path, line: 1, message: `"${name}" is not in the catalog of pnpm-workspace.yaml` }];
    const shared = name in catalog || uses.filter((use) => use.name === name).length > 1;
    return shared ? [{ path, line: 1, message: `"${name}" is "${range}": several folders use it, so it is "catalog:"` }] : [];
  });
}
