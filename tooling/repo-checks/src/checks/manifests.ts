import type { Check, Violation } from "../check.ts";
import { type Manifest, workspacePackages, type WorkspacePackage } from "../packages.ts";
import type { Repo } from "../repo.ts";

const headings = ["Install", "Example", "Guarantees and limits", "API", "Errors"];

/** Every publishable package has the same manifest, licence and README, down to the fields that npm and bundlers read. */
export const manifests: Check = {
  name: "manifests",
  run: (repo) => workspacePackages(repo).flatMap((pkg) => [...fieldProblems(pkg), ...exportProblems(pkg), ...companionProblems(repo, pkg)]),
};

function fieldProblems({ folder, app, manifest }: WorkspacePackage): readonly Violation[] {
  const expected: Manifest = {
    name: app ? "@gov/cli" : `@gov/${folder.slice("packages/".length)}`,
    license: "Apache-2.0",
    type: "module",
    sideEffects: false,
    engines: { node: ">=20.19" },
    publishConfig: { access: "public", provenance: true },
    scripts: { build: "tsup", typecheck: "tsc -p ." },
  };
  const path = `${folder}/package.json`;
  const complain = (message: string): Violation => ({ path, line: 1, message });
  const differing = Object.entries(expected).filter(([field, value]) => !includes(manifest[field], value));
  const forbidden = ["main", "module", "types", "peerDependencies", "optionalDependencies", "private"].filter(
    (field) => manifest[field] !== undefined,
  );
  return [
    ...differing.map(([field, value]) => complain(`"${field}" is ${JSON.stringify(manifest[field])}: it must be ${JSON.stringify(value)}`)),
    ...forbidden.map((field) => complain(`"${field}" must not stand in a published manifest here`)),
    ...(["dist", "src"].every((name) => listOf(manifest["files"]).includes(name)) ? [] : [complain('"files" lacks "dist" or "src"')]),
    ...(typeof manifest["description"] === "string" && manifest["description"].length >= 20
      ? []
      : [complain('"description" is not a sentence')]),
    ...(typeof manifest["version"] === "string" && /^\d+\.\d+\.\d+/.test(manifest["version"])
      ? []
      : [complain('"version" is not a version')]),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Lists and plain values are equal; an object has at least these fields, so a package may add a script of its own. */
function includes(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== "object" || expected === null || Array.isArray(expected))
    return JSON.stringify(actual) === JSON.stringify(expected);
  if (typeof actual !== "object" || actual === null) return false;
  return Object.entries(expected).every(([key, value]) => includes((actual as Record<string, unknown>)[key], value));
}

function exportProblems({ folder, manifest }: WorkspacePackage): readonly Violation[] {
  const path = `${folder}/package.json`;
  const entries = Object.entries(manifest.exports ?? {});
  const complain = (message: string): Violation => ({ path, line: 1, message });
  return [
    ...(manifest.exports?.["./package.json"] === "./package.json" ? [] : [complain('exports has no "./package.json"')]),
    ...entries.flatMap(([subpath, target]) => {
      if (subpath === "./package.json" || /^\.\/.*\*\.json$/.test(subpath)) return [];
      const name = subpath === "." ? "index" : subpath.slice(2);
      const sources = [`./src/${name}.ts`, `./src/${name}/index.ts`];
      const right = sources.map((source) => ({ "@gov/source": source, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` }));
      if (right.some((value) => JSON.stringify(value) === JSON.stringify(target))) return [];
      return [complain(`exports "${subpath}" is not of the form ${JSON.stringify(right[1])}, in this order`)];
    }),
  ];
}

function companionProblems(repo: Repo, { folder }: WorkspacePackage): readonly Violation[] {
  const readme = repo.files.get(`${folder}/README.md`);
  const violations: Violation[] = [];
  if (repo.files.get(`${folder}/LICENSE`) !== repo.files.get("LICENSE"))
    violations.push({ path: `${folder}/LICENSE`, line: 1, message: "LICENSE is not the one of the root" });
  if (readme === undefined) return [...violations, { path: `${folder}/README.md`, line: 1, message: "README.md is absent" }];
  const prose = readme.replace(/^```[\s\S]*?^```$/gm, "");
  const found = [...prose.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  const wanted = found.filter((heading) => headings.includes(heading ?? ""));
  if (!/^# .+\n+[^#\s].+/.test(prose))
    violations.push({ path: `${folder}/README.md`, line: 1, message: "README does not open with a title and the promise in one sentence" });
  if (wanted.join() !== headings.join()) {
    violations.push({
      path: `${folder}/README.md`,
      line: 1,
      message: `README has the headings ${found.join(", ")}: it needs ${headings.join(", ")}, in this order`,
    });
  }
  return violations;
}
