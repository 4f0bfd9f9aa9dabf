import type { Check, Violation } from "../check.ts";
import { workspacePackages } from "../packages.ts";
import type { Repo } from "../repo.ts";
import { importsOf, parse, resolveModule } from "../source.ts";

/** No module of a package imports itself through others, not even for a type. */
export const cycles: Check = {
  name: "cycles",
  run: (repo) => workspacePackages(repo).flatMap(({ sources }) => findCycles(repo, sources)),
};

function findCycles(repo: Repo, modules: readonly string[]): readonly Violation[] {
  const done = new Set<string>();
  const trail: string[] = [];
  const violations: Violation[] = [];
  const visit = (path: string): void => {
    trail.push(path);
    for (const { specifier, line } of importsOf(parse(repo, path))) {
      const target = resolveModule(path, specifier, []);
      if (target === undefined || !modules.includes(target) || done.has(target)) continue;
      if (!trail.includes(target)) visit(target);
      else violations.push({ path, line, message: `Import cycle: ${[...trail.slice(trail.indexOf(target)), target].join(" → ")}` });
    }
    trail.pop();
    done.add(path);
  };
  for (const path of modules) if (!done.has(path)) visit(path);
  return violations;
}
