import { describe, expect, it } from "vitest";
import { noMachineWords } from "../src/checks/machine-words.ts";
import { manifests } from "../src/checks/manifests.ts";
import { workspace } from "../src/checks/workspace.ts";
import { broken, changed, run, soundFiles } from "./repository.ts";

const manifest = "packages/schema/package.json";
const readme = soundFiles["packages/schema/README.md"] ?? "";

describe("manifests (CRD-04)", () => {
  it("accepts the uniform manifest, with a script of the package's own", async () => {
    const scripts = { build: "tsup", typecheck: "tsc -p .", generate: "node generate.ts" };
    expect(await run(manifests, broken(changed(manifest, { scripts })))).toEqual([]);
  });

  it.each([
    [{ type: "commonjs" }, '"type"'],
    [{ sideEffects: undefined }, '"sideEffects"'],
    [{ engines: { node: ">=18" } }, '"engines"'],
    [{ files: ["dist"] }, '"files"'],
    [{ license: "MIT" }, '"license"'],
    [{ name: "@gov/other" }, '"name"'],
    [{ publishConfig: { access: "public" } }, '"publishConfig"'],
    [{ scripts: { build: "rollup" } }, '"scripts"'],
    [{ main: "./dist/index.js" }, '"main"'],
    [{ description: "" }, '"description"'],
    [{ version: undefined }, '"version"'],
    [{ exports: {} }, "./package.json"],
    [{ exports: { "./package.json": "./package.json", ".": "./dist/index.js" } }, 'exports "."'],
    [
      {
        exports: {
          "./package.json": "./package.json",
          ".": { types: "./dist/index.d.ts", "@gov/source": "./src/index.ts", default: "./dist/index.js" },
        },
      },
      'exports "."',
    ],
  ])("catches %o", async (fields, message) => {
    const found = await run(manifests, broken(changed(manifest, fields)));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it.each([
    ["another licence", { "packages/schema/LICENSE": "other\n" }, "LICENSE"],
    [
      "a heading out of order",
      { "packages/schema/README.md": readme.replace("## API", "## Install").replace("## Install", "## API") },
      "in this order",
    ],
    [
      "a heading that only stands in a fence",
      { "packages/schema/README.md": readme.replace("## API", "```text\n## API\n```") },
      "in this order",
    ],
    ["no promise", { "packages/schema/README.md": readme.replace("A promise.\n\n", "") }, "promise"],
  ])("catches %s", async (_, files: Readonly<Record<string, string>>, message) => {
    expect((await run(manifests, broken(files))).join()).toContain(message);
  });
});

describe("workspace (CRD-01)", () => {
  it("accepts a calm root and the catalog", async () => {
    const files = changed(manifest, { dependencies: { zod: "catalog:" }, devDependencies: { "@gov/tooling-x": "workspace:*" } });
    expect(await run(workspace, broken(files))).toEqual([]);
  });

  it.each([
    ["a file in the root", { "notes.md": "" }, '"notes.md" does not belong'],
    ["a folder in the root", { "scripts/a.ts": "" }, '"scripts" does not belong'],
    ["a version beside the catalog", changed(manifest, { dependencies: { zod: "^4" } }), '"zod" is "^4"'],
    ["a name missing in the catalog", changed(manifest, { dependencies: { ajv: "catalog:" } }), '"ajv" is not in the catalog'],
    ["a published version of ourselves", changed(manifest, { dependencies: { "@gov/gates": "^0.1.0" } }), "workspace:^"],
    [
      "a shared dependency outside the catalog",
      { ...changed(manifest, { devDependencies: { knip: "^6" } }), "tooling/a/package.json": '{"dependencies":{"knip":"^6"}}' },
      '"knip" is "^6"',
    ],
  ])("catches %s", async (_, files: Readonly<Record<string, string>>, message) => {
    expect((await run(workspace, broken(files))).join("\n")).toContain(message);
  });
});

describe("machine-words", () => {
  const slash = "/";
  it.each([
    `see ${slash}work/main`,
    `"${slash}root/.ssh"`,
    `cd ${slash}home/somebody/project`,
    `(${slash}Users/somebody)`,
    `C:${"\\"}Users${"\\"}somebody`,
    `file://${slash}work/main/a.ts`,
    `tarball: https:${slash}/npm.internal.example/a.tgz`,
    `registry=http:${slash}/registry.example:4873`,
  ])("catches %s", async (text) => {
    const found = await run(noMachineWords, broken({ "docs/a.md": `fine\n${text}\n` }));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("docs/a.md:2 ");
  });

  it.each(["docs/work/items.md", "../root/a", "the root/leaf", "https://registry.npmjs.org/a", "${root}/home/x", "~/home/a"])(
    "accepts %s",
    async (text) => {
      expect(await run(noMachineWords, broken({ "docs/a.md": `${text}\n` }))).toEqual([]);
    },
  );
});
