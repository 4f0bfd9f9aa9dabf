import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { allChecks } from "../src/all-checks.ts";
import { entryExports } from "../src/entry-exports.ts";
import { workspacePackages } from "../src/packages.ts";
import { readRepo } from "../src/repo.ts";
import { readRequirements } from "../src/traceability/requirements.ts";
import { testTitles } from "../src/traceability/test-titles.ts";

const repo = readRepo(resolve(import.meta.dirname, "../../.."));

// A walker that finds nothing would make every check pass: these are what the checks must at least see.
describe("readRepo()", () => {
  it("finds the packages, their entries and modules", () => {
    const packages = workspacePackages(repo);
    const names = ["atomic-io", "cli", "gates", "hydration", "index-writer", "manifest", "schema", "telemetry"].map(
      (name) => `@gov/${name}`,
    );
    expect(packages.map(({ name }) => name).sort()).toEqual(names);
    for (const { app, entries, sources } of packages) {
      expect(sources.length).toBeGreaterThan(0);
      expect(entries.length > 0).toBe(!app);
    }
  });

  it("finds exports through re-exports, with their declarations", () => {
    const exported = entryExports(repo, workspacePackages(repo), "packages/schema/src/canonical/index.ts");
    const canonicalJson = exported.find(({ name }) => name === "canonicalJson");
    expect(canonicalJson).toMatchObject({ path: "packages/schema/src/canonical/canonical-json.ts" });
    expect(canonicalJson?.nodes).toHaveLength(1);
  });

  it("finds this test and every requirement", () => {
    expect(testTitles(repo).map(({ title }) => title)).toContain("readRepo() › finds this test and every requirement");
    expect(readRequirements(repo).filter(({ part }) => part === "A").length).toBeGreaterThanOrEqual(285);
    expect(readRequirements(repo).filter(({ part }) => part === "B").length).toBeGreaterThanOrEqual(48);
  });

  it("does not read what git ignores", () => {
    expect([...repo.files.keys()].filter((path) => /(?:^|\/)(?:node_modules|dist)\//.test(path))).toEqual([]);
  });
});

describe("allChecks", () => {
  it("gives every check a name of its own", () => {
    expect(new Set(allChecks.map(({ name }) => name)).size).toBe(allChecks.length);
  });
});
