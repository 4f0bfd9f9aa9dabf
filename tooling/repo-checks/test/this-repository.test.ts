import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { links } from "../src/checks/links.ts";
import { arrows } from "../src/data/arrows.ts";
import { workspacePackages } from "../src/packages.ts";
import { readRepo } from "../src/repo.ts";

const repo = readRepo(resolve(import.meta.dirname, "../../.."));
const paths = [...repo.files.keys()];
const packages = workspacePackages(repo);
const seven = ["atomic-io", "gates", "hydration", "index-writer", "manifest", "schema", "telemetry"];

const textOf = (path: string): string => repo.files.get(path) ?? "";
const jsonOf = (path: string): Readonly<Record<string, unknown>> => JSON.parse(textOf(path)) as Readonly<Record<string, unknown>>;
const matching = (path: RegExp, text: RegExp): readonly string[] => paths.filter((one) => path.test(one) && text.test(textOf(one)));

describe("this repository", () => {
  it("is a pnpm workspace with what belongs at its top (CRD-01)", () => {
    const tops = new Set(paths.map((path) => path.split("/", 1)[0]));
    const wanted = ["pnpm-workspace.yaml", "turbo.json", "packages", "apps", "tooling", ".changeset", "tsconfig.base.json", "README.md"];
    expect(wanted.filter((name) => !tops.has(name))).toEqual([]);
    const workspace = parseYaml(textOf("pnpm-workspace.yaml")) as { readonly packages: readonly string[] };
    expect(workspace.packages).toEqual(["packages/*", "apps/*", "tooling/*"]);
    expect(matching(/^(?:packages|apps)\/[^/]+\/src\/.*\.(?:js|mjs|cjs)$/, /(?:)/).filter((path) => !path.endsWith(".gen.js"))).toEqual([]);
  });

  it("uses each tool of the card where its work is done (CRD-02)", () => {
    const library = /^packages\/schema\/src\/.*\.ts$/;
    const uses: Readonly<Record<string, readonly string[]>> = {
      turbo: Object.values(jsonOf("package.json")["scripts"] as Readonly<Record<string, string>>).filter((script) =>
        /\bturbo run build\b/.test(script),
      ),
      tsup: matching(/^tooling\/tsup\/.*\.ts$/, /from "tsup"/),
      zod: matching(library, /from "zod"/),
      ajv: matching(/^packages\/schema\//, /from "ajv(?:\/|")/),
      yaml: matching(library, /from "yaml"/),
      "fast-json-stable-stringify": matching(library, /from "fast-json-stable-stringify"/),
      vitest: matching(/^packages\/[^/]+\/test\/.*\.test\.ts$/, /from "vitest"/),
      changesets: paths.filter((path) => path.startsWith(".changeset/") && path.endsWith(".md")),
    };
    expect(Object.entries(uses).filter(([, found]) => found.length === 0)).toEqual([]);
    for (const { folder } of packages) expect(textOf(`${folder}/tsup.config.ts`), folder).toContain('from "@gov/tooling-tsup"');
  });

  it("reads and validates documents, makes canonical text and evaluates expressions in one package alone (SCH-10, SCH-16)", () => {
    const engines =
      /(?:from |import\(|require\()"(?:(?:js-)?yaml|gray-matter|front-matter|toml|jsonc-parser|zod|valibot|ajv(?:-formats)?|(?:json-)?canonicalize|fast-json-stable-stringify|(?:@marcbachmann\/)?cel-js|expr-eval|re2js|fast-xml-parser|xml2js)(?:\/[^"]*)?"/;
    const elsewhere = /^(?:packages\/(?!schema\/)[^/]+|apps\/[^/]+)\/src\/.*\.ts$/;
    expect(matching(/^packages\/schema\/src\/.*\.ts$/, engines).length).toBeGreaterThan(5);
    expect(matching(elsewhere, /(?:)/).length).toBeGreaterThan(100);
    expect(matching(elsewhere, engines)).toEqual([]);
    expect(matching(elsewhere, /\bnew Function\(|\beval\(/)).toEqual([]);
  });

  it("has seven packages, each beneath the rooms that use it, and every subject in the room it was given (CRD-03, B-40)", () => {
    expect(packages.filter(({ app }) => !app).map(({ folder }) => folder)).toEqual(seven.map((name) => `packages/${name}`));
    for (const [name, { workspace }] of arrows)
      for (const below of workspace) expect([name, below, arrows.get(below)?.workspace.includes(name)]).toEqual([name, below, false]);
    const entries = packages.flatMap((pkg) => pkg.entries.map(({ specifier }) => specifier));
    const rooms: Readonly<Record<string, readonly string[]>> = {
      hydration: ["routing"],
      manifest: ["promotion", "snapshot"],
      gates: ["lifecycle", "governance", "waivers", "rbac", "enforcement"],
      telemetry: ["kpi", "alerts", "digest", "audit"],
      "index-writer": ["bridge"],
    };
    for (const [room, subjects] of Object.entries(rooms))
      for (const subject of subjects) expect(entries).toContain(`@gov/${room}/${subject}`);
  });

  it("can be published as it stands: ES modules with types, listed files, versions by changesets (CRD-04)", () => {
    for (const { manifest, entries, app, name } of packages) {
      expect([name, manifest["type"], manifest["private"], (manifest["files"] as readonly string[]).includes("dist")]).toEqual([
        name,
        "module",
        undefined,
        true,
      ]);
      expect([name, app || entries.length > 0]).toEqual([name, true]);
    }
    expect(jsonOf(".changeset/config.json")["access"]).toBe("public");
    expect(textOf(".github/workflows/release.yml")).toMatch(/changeset publish/);
  });

  it("serves whoever imports a package, runs the app, or builds tools on it, each with an example that asserts (CRD-06, D-06)", () => {
    for (const { folder, name } of packages) {
      const fences = [...textOf(`${folder}/README.md`).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
      const own = fences.filter((code) => code.includes("assert") && (folder.startsWith("apps/") || code.includes(`from "${name}`)));
      expect([name, own.length > 0]).toEqual([name, true]);
    }
    for (const heading of ["See it work", "Use it on your repository", "Use one package"])
      expect(textOf("README.md")).toContain(`\n## ${heading}\n`);
    expect(seven.filter((name) => !textOf("README.md").includes(`packages/${name}/README.md`))).toEqual([]);
  });

  it("pins its tools, and CI runs them on Linux, asking nobody (ENV-04, QAC-05)", () => {
    const { packageManager, devDependencies } = jsonOf("package.json") as {
      readonly packageManager: string;
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    expect(packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+$/);
    expect(devDependencies["node"]).toMatch(/^\d+\.\d+\.\d+$/);
    expect(textOf("pnpm-lock.yaml")).toMatch(/^lockfileVersion: /);
    const workflows = paths.filter((path) => path.startsWith(".github/workflows/"));
    expect(workflows).toHaveLength(3);
    for (const path of workflows) {
      const text = textOf(path);
      const { jobs } = parseYaml(text) as { readonly jobs: Readonly<Record<string, { readonly "runs-on": string }>> };
      for (const job of Object.values(jobs)) expect([path, job["runs-on"]]).toEqual([path, "ubuntu-24.04"]);
      for (const [, action = ""] of text.matchAll(/uses: (\S+)/g)) expect(action).toMatch(/@v?\d+(?:\.\d+)*$/);
      for (const [, used] of text.matchAll(/\bpnpm@(\S+)/g)) expect([path, `pnpm@${String(used)}`]).toEqual([path, packageManager]);
      expect(text).not.toMatch(/\bread -|--interactive|\bstdin_open\b/);
    }
  });

  it("has a test plan whose every level is where it says (QAC-04)", () => {
    const rows = [...textOf("docs/test-plan.md").matchAll(/^\| (\w[\w ]*?) +\| [^|]+\| ([^|]+)\|/gm)].filter(
      ([, level]) => level !== "level",
    );
    expect(rows.map(([, level]) => level)).toEqual(expect.arrayContaining(["unit", "contract", "integration", "end to end", "stress"]));
    for (const [, level = "", where = ""] of rows)
      for (const [, place = ""] of where.matchAll(/`([\w*./-]+)`/g)) {
        const pattern = new RegExp(`(?:^|/)${place.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}(?:/|$|\\.)`);
        if (place.includes("/") || place.includes("test"))
          expect([level, place, paths.some((path) => pattern.test(path) || path.includes(place.replace("./", "src/")))]).toEqual([
            level,
            place,
            true,
          ]);
      }
  });

  it("has every output that the sources name, or what stands for it here (PLN-10, B-30)", async () => {
    const table = textOf("docs/named-outputs.md");
    const names = [
      ...[
        "tool-versions",
        "rbac_policy.yaml",
        "secrets_policy.md",
        "redact_filter",
        "isolation_config.yaml",
        "waiver_policy.md",
        "waiver_db.json",
      ],
      ...[
        "perf_methodology.md",
        "error_schema.json",
        "cli_adapter",
        "stress_tests/",
        "audit_integrity_check",
        "ordering_spec.md",
        "env_validation",
      ],
      ...["checkpoint_spec.md", "staging_env.yaml", "diff script", "command_surface_tests/", "dependency_tests/", "routing_tests/"],
      ...[
        "hydration_tests.yaml",
        "observability_checks/",
        "security_ci.yml",
        "fs_concurrency_tests/",
        "planner_mode_ci.md",
        "rehearsal_plan.md",
      ],
      ...["docs_pipeline_isolation.md", "durations_sla.yaml", "migration plan", "migration report", "test plan", "coverage report", "RACI"],
      ...["lib/atomic_io.py", "KeyError", "pytest", "Bandit", "Safety"],
    ];
    const rows = table.split("\n").filter((line) => line.startsWith("| ") && line.includes("]("));
    for (const name of names) expect([name, rows.some((row) => row.split("|")[1]?.includes(name))]).toEqual([name, true]);
    expect((await links.run(repo)).filter(({ path }) => path === "docs/named-outputs.md")).toEqual([]);
  });

  it("has a README that leads to commands, rollbacks, waivers and contacts, and the states as a diagram (PLN-09, D-13)", () => {
    const readme = textOf("README.md");
    for (const target of ["docs/runbooks", "docs/policies/waivers.md", "SECURITY.md", "apps/gov/docs/commands.md"])
      expect([target, readme.includes(`](${target})`)]).toEqual([target, true]);
    expect(paths.filter((path) => /^docs\/runbooks\/.*rollback.*\.md$/.test(path)).length).toBeGreaterThanOrEqual(2);
    expect(textOf("docs/guides/concepts.md")).toMatch(/^```mermaid\nstateDiagram-v2$/m);
  });
});
