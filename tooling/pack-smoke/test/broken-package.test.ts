import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importEntries } from "../src/import-entries.ts";
import { checkIndependence } from "../src/independence.ts";
import { createProject } from "../src/project.ts";
import { runReadmeExamples } from "../src/readme-examples.ts";
import { runBins } from "../src/run-bins.ts";
import { runCommand } from "../src/run-command.ts";
import { checkStrictConsumer } from "../src/strict-consumer.ts";
import { readWorkspacePackages, type WorkspacePackage } from "../src/workspace-packages.ts";

const fence = "```";
const fine = {
  "dist/index.js": "export const answer = 42;\n",
  "dist/index.d.ts": "export declare const answer: number;\n",
  "dist/bin.js": '#!/usr/bin/env node\nconsole.log(process.argv[2] === "--version" ? "1.0.0" : "usage: x");\n',
  "README.md": `# x\n\n${fence}ts\nimport assert from "node:assert/strict";\nimport { answer } from "@mutant/x";\nassert.equal(answer, 42);\n${fence}\n`,
};
const mutants = {
  fine,
  // Works in a workspace, where a neighbour's dependency happens to be at hand.
  undeclared: { ...fine, "dist/index.js": 'export const answer = 42;\nexport const load = () => import("ajv");\n' },
  unloadable: { ...fine, "dist/index.js": 'export { answer } from "./forgotten-chunk.js";\n' },
  // `require` cannot serve a module that awaits at its top level.
  awaiting: { ...fine, "dist/index.js": "export const answer = await Promise.resolve(42);\n" },
  rotten: { ...fine, "README.md": fine["README.md"].replace("answer, 42", "answer, 41") },
  // An editor shows nothing wrong; only `skipLibCheck: false` looks into the declarations of others.
  mistyped: { ...fine, "dist/index.d.ts": "export declare const answer: number;\nexport declare const other: Forgotten;\n" },
  outdated: { ...fine, "dist/bin.js": fine["dist/bin.js"].replace("1.0.0", "0.9.0") },
  silent: { ...fine, "README.md": "# x\n" },
};
type Mutant = keyof typeof mutants;

let scratch = "";
const subjects = new Map<Mutant, { subject: WorkspacePackage; directory: string; installed: readonly string[] }>();

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), "gov-pack-smoke-test-")));
  for (const name of Object.keys(mutants) as Mutant[]) {
    const root = join(scratch, name);
    const folder = join(root, "packages", "x");
    await mkdir(join(root, "apps"), { recursive: true });
    const manifest = {
      name: "@mutant/x",
      version: "1.0.0",
      type: "module",
      exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
      bin: { x: "./dist/bin.js" },
    };
    for (const [file, text] of Object.entries({ ...mutants[name], "package.json": JSON.stringify(manifest) })) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    await runCommand(["npm", "pack", "--silent", "--pack-destination", root], { cwd: folder });
    const [subject] = await readWorkspacePackages(root);
    const project = await createProject({
      directory: join(root, "consumer"),
      dependencies: new Map([["@mutant/x", join(root, "mutant-x-1.0.0.tgz")]]),
    });
    subjects.set(name, { subject: subject!, ...project });
  }
}, 120_000);

afterAll(() => rm(scratch, { recursive: true, force: true }));

function entries(name: Mutant): Promise<string> {
  const { subject, directory } = subjects.get(name)!;
  return importEntries(subject.entries, { directory, executable: process.execPath, files: ["dist/index.js"] });
}

function independence(name: Mutant, closure: readonly string[] = []): Promise<string> {
  const { subject, directory, installed } = subjects.get(name)!;
  return checkIndependence(subject, { directory, files: ["dist/index.js"], installed, workspace: ["@mutant/x", "@mutant/y"], closure });
}

function readme(name: Mutant): Promise<string> {
  return runReadmeExamples("@mutant/x", { directory: subjects.get(name)!.directory, executable: process.execPath });
}

function types(name: Mutant): Promise<string> {
  const { subject, directory } = subjects.get(name)!;
  const tools = join(import.meta.dirname, "..");
  return checkStrictConsumer(subject.entries, { directory, tools, compiler: "typescript", module: "nodenext", files: new Map() });
}

function bins(name: Mutant): Promise<string> {
  const { subject, directory } = subjects.get(name)!;
  return runBins(subject, { directory, node: { executable: process.execPath, directory: dirname(process.execPath) } });
}

describe("importEntries()", () => {
  it("passes a package that works", async () => {
    await expect(entries("fine")).resolves.toBe("1 entries, 1 names");
  });

  it("convicts a package that lacks a file it imports", async () => {
    await expect(entries("unloadable")).rejects.toThrow("forgotten-chunk.js");
  });

  it("convicts a package that require cannot load", async () => {
    await expect(entries("awaiting")).rejects.toThrow("ERR_REQUIRE_ASYNC_MODULE");
  });
});

describe("checkIndependence()", () => {
  it("passes a package that declares what it imports", async () => {
    await expect(independence("fine")).resolves.toBe("nothing else");
  });

  it("convicts an import that is not declared, even one that runs only later", async () => {
    await expect(independence("undeclared")).rejects.toThrow('imports "ajv" in dist/index.js, but does not declare it');
  });

  it("convicts a sibling that did not come along", async () => {
    await expect(independence("fine", ["@mutant/y"])).rejects.toThrow("brought no sibling, expected @mutant/y");
  });
});

describe("runReadmeExamples()", () => {
  it("passes a README that tells the truth", async () => {
    await expect(readme("fine")).resolves.toBe("1 examples");
  });

  it("convicts an example that no longer holds, naming its line", async () => {
    await expect(readme("rotten")).rejects.toThrow("@mutant/x/README.md:4");
  });

  it("convicts a README without an example", async () => {
    await expect(readme("silent")).rejects.toThrow("it carries no README with a ts fence");
  });
});

describe("checkStrictConsumer()", () => {
  it("passes declarations that hold", async () => {
    await expect(types("fine")).resolves.toBe("1 entries");
  });

  it("convicts declarations that name a type which is not there", async () => {
    await expect(types("mistyped")).rejects.toThrow("Cannot find name 'Forgotten'");
  });
});

describe("runBins()", () => {
  it("passes a command that starts, also through npm's link", async () => {
    await expect(bins("fine")).resolves.toBe("x");
  });

  it("convicts a command that prints another version than its package", async () => {
    await expect(bins("outdated")).rejects.toThrow('"x --version" printed "0.9.0", expected 1.0.0');
  });
});

describe("importEntries(), several at a time in one project", () => {
  it("does not let one check read what another is writing", async () => {
    const { subject, directory } = subjects.get("fine")!;
    const other = [{ ...subject.entries[0]!, specifier: "@mutant/x/forgotten" }];
    const options = { directory, executable: process.execPath, files: [] };
    const both = [importEntries(subject.entries, options), importEntries(other, options)];
    const [good, bad] = await Promise.allSettled(both);
    expect(good).toMatchObject({ status: "fulfilled", value: "1 entries, 1 names" });
    expect(bad).toMatchObject({ status: "rejected" });
  });
});
