import { type Repo, repoOf } from "../src/repo.ts";
import type { Check, Violation } from "../src/check.ts";

const manifest = (name: string, dependencies: Readonly<Record<string, string>> = {}): string =>
  JSON.stringify({
    name: `@gov/${name}`,
    version: "0.1.0",
    description: "A package that a test breaks in one place.",
    license: "Apache-2.0",
    type: "module",
    sideEffects: false,
    engines: { node: ">=20.19" },
    files: ["dist", "src"],
    exports: {
      ".": { "@gov/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./package.json": "./package.json",
    },
    publishConfig: { access: "public", provenance: true },
    scripts: { build: "tsup", typecheck: "tsc -p ." },
    dependencies,
  });

const readme = [
  "# @gov/x\n\nA promise.\n",
  "## Install\n\n## Example\n",
  "## Guarantees and limits\n\n| claim | test |\n| --- | --- |\n| It does it | `test/do-it.test.ts` |\n",
  "## API\n\n- `doIt`\n",
  "## Errors\n\n| code | meaning | what to do |\n| --- | --- | --- |\n",
].join("\n");

const index = [
  "/**",
  " * A promise.",
  " *",
  " * @packageDocumentation",
  " * @example Do it",
  " */",
  'export { doIt } from "./do-it.ts";',
  "",
].join("\n");

/** Two packages in which every check finds nothing. */
export const soundFiles: Readonly<Record<string, string>> = {
  LICENSE: "licence\n",
  "package.json": JSON.stringify({ name: "root", devDependencies: {} }),
  "pnpm-workspace.yaml": "catalog:\n  zod: ^4\n",
  "packages/schema/package.json": manifest("schema"),
  "packages/schema/LICENSE": "licence\n",
  "packages/schema/README.md": readme,
  "packages/schema/src/index.ts": index,
  "packages/schema/src/do-it.ts": "/** Does it. */\nexport function doIt(): number {\n  return 1;\n}\n",
  "packages/schema/test/do-it.test.ts": "",
  "packages/gates/test/do-it.test.ts": "",
  "packages/gates/package.json": manifest("gates", { "@gov/schema": "workspace:^" }),
  "packages/gates/LICENSE": "licence\n",
  "packages/gates/README.md": readme,
  "packages/gates/src/index.ts": index,
  "packages/gates/src/do-it.ts":
    'import { doIt as other } from "@gov/schema";\n\n/** Does it. */\nexport function doIt(): number {\n  return other();\n}\n',
};

/** The sound repository with some files replaced or added. */
export function broken(files: Readonly<Record<string, string>> = {}): Repo {
  return repoOf({ ...soundFiles, ...files });
}

/** Runs a check and answers its messages with their places. */
export async function run(check: Check, repo: Repo): Promise<readonly string[]> {
  return placed(await check.run(repo));
}

/** `path:line message` of every violation. */
export function placed(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ path, line, message }) => `${path}:${String(line)} ${message}`);
}

/** A manifest with some fields replaced; undefined removes one. */
export function changed(path: string, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return { [path]: JSON.stringify({ ...(JSON.parse(soundFiles[path] ?? "{}") as Record<string, unknown>), ...fields }) };
}
