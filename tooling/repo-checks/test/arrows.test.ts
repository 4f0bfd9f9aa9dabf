import { describe, expect, it } from "vitest";
import { compareTable } from "../src/checks/architecture-table.ts";
import { cycles } from "../src/checks/cycles.ts";
import { findDependencies } from "../src/checks/dependencies.ts";
import { findArrows } from "../src/checks/layering.ts";
import type { Arrows } from "../src/data/arrows.ts";
import { broken, changed, placed, run } from "./repository.ts";

const table: ReadonlyMap<string, Arrows> = new Map([
  ["@gov/schema", { workspace: [], thirdParty: [] }],
  ["@gov/gates", { workspace: ["@gov/schema"], thirdParty: [] }],
]);

const withZod: ReadonlyMap<string, Arrows> = new Map([...table, ["@gov/schema", { workspace: [], thirdParty: ["zod"] }]]);

describe("findArrows()", () => {
  it("accepts the arrows of the table", () => {
    expect(findArrows(broken(), table)).toEqual([]);
  });

  it("catches an arrow upwards in a manifest", () => {
    const repo = broken(changed("packages/schema/package.json", { dependencies: { "@gov/gates": "workspace:^" } }));
    expect(placed(findArrows(repo, table))).toContain(
      'packages/schema/package.json:1 Forbidden arrow: "@gov/schema" must not depend on "@gov/gates"',
    );
  });

  it.each([
    ["an import", 'import { doIt } from "@gov/gates";\n'],
    ["a type import", 'import type { doIt } from "@gov/gates";\n'],
    ["a re-export", 'export { doIt } from "@gov/gates";\n'],
    ["a dynamic import", 'export const a = import("@gov/gates");\n'],
    ["an import type", 'export type A = import("@gov/gates").A;\n'],
  ])("catches %s upwards in code", (_, text) => {
    const repo = broken({ "packages/schema/src/extra.ts": text });
    expect(placed(findArrows(repo, table))).toEqual([
      'packages/schema/src/extra.ts:1 Forbidden arrow: "@gov/schema" must not import "@gov/gates"',
    ]);
  });

  it("catches a test that imports another room, and lets a test import its own package", () => {
    const repo = broken({ "packages/schema/test/a.test.ts": 'import "@gov/schema";\nimport "@gov/gates";\n' });
    expect(placed(findArrows(repo, table))).toEqual([
      'packages/schema/test/a.test.ts:2 Forbidden arrow: "@gov/schema" must not import "@gov/gates"',
    ]);
  });

  it("lets a test import what tests share, and no source", () => {
    const text = 'import "@gov/tooling-vitest/stopwatch";\n';
    expect(findArrows(broken({ "packages/schema/test/a.test.ts": text }), table)).toEqual([]);
    expect(placed(findArrows(broken({ "packages/schema/src/extra.ts": text }), table))).toEqual([
      'packages/schema/src/extra.ts:1 Forbidden arrow: "@gov/schema" must not import "@gov/tooling-vitest"',
    ]);
  });

  it("catches an arrow that is promised or declared but not used", () => {
    expect(placed(findArrows(broken(changed("packages/gates/package.json", { dependencies: {} })), table))[0]).toContain("Missing arrow");
    expect(placed(findArrows(broken({ "packages/gates/src/do-it.ts": "export const a = 1;\n" }), table))[0]).toContain("Unused arrow");
  });

  it("catches imports into the inside of another package", () => {
    const text = 'import "@gov/schema/src/do-it.ts";\nimport "../../schema/src/do-it.ts";\n';
    const messages = placed(findArrows(broken({ "packages/gates/src/extra.ts": text }), table));
    expect(messages[0]).toContain("packages/gates/src/extra.ts:1 ");
    expect(messages[0]).toContain("reaches into another package");
    expect(messages[1]).toContain("packages/gates/src/extra.ts:2 ");
    expect(messages[1]).toContain("leaves the package");
  });

  it("catches a test that goes past the entries, and lets it test src/internal", () => {
    const text = 'import "../src/internal/a.ts";\nimport "./case.ts";\nimport "../src/do-it.ts";\n';
    const messages = placed(findArrows(broken({ "packages/schema/test/a.test.ts": text }), table));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain("packages/schema/test/a.test.ts:3 ");
  });

  it("catches a package that the table does not know", () => {
    expect(placed(findArrows(broken(), new Map()))).toHaveLength(2);
  });
});

describe("compareTable()", () => {
  const document = (rows: string): string => `# A\n\n| package | promise | subpaths | depends on |\n| --- | --- | --- | --- |\n${rows}`;
  const right = "| `@gov/schema` | One. | – | – |\n| `@gov/gates` | Two. | – | schema |\n";

  it("accepts the same table", () => {
    expect(compareTable(broken({ "ARCHITECTURE.md": document(right) }), table)).toEqual([]);
  });

  it.each([
    ["a missing row", right.replace(/^.*gates.*\n/m, ""), 'no row for "@gov/gates"'],
    ["a missing arrow", right.replace("schema |\n", "– |\n"), '"schema" is missing'],
    ["a surplus arrow", right.replace("| schema |", "| schema, atomic-io |"), '"atomic-io" is not true'],
    ["a surplus subpath", right.replace("One. | –", "One. | `./a`"), '"./a" is not true'],
  ])("catches %s", (_, rows, message) => {
    expect(placed(compareTable(broken({ "ARCHITECTURE.md": document(rows) }), table)).join()).toContain(message);
  });

  it("fails without a table", () => {
    expect(placed(compareTable(broken(), table))).toHaveLength(1);
  });
});

describe("cycles", () => {
  it("accepts modules that only point down", async () => {
    expect(await run(cycles, broken())).toEqual([]);
  });

  it("catches a cycle through three modules, one of them by a type", async () => {
    const repo = broken({
      "packages/schema/src/a.ts": 'import "./b.ts";\n',
      "packages/schema/src/b.ts": 'import type { C } from "./c.ts";\n',
      "packages/schema/src/c.ts": 'export { a } from "./a.ts";\n',
    });
    expect(await run(cycles, repo)).toEqual([
      "packages/schema/src/c.ts:1 Import cycle: packages/schema/src/a.ts → packages/schema/src/b.ts → packages/schema/src/c.ts → packages/schema/src/a.ts",
    ]);
  });

  it("catches a module that imports itself", async () => {
    expect(await run(cycles, broken({ "packages/schema/src/a.ts": 'import "./a.ts";\n' }))).toHaveLength(1);
  });
});

describe("findDependencies()", () => {
  const declared = changed("packages/schema/package.json", { dependencies: { zod: "catalog:" } });
  const recorded = { "docs/decisions/0001-zod.md": "# zod\n\nDependency: zod (run-time)\n" };
  const imported = { "packages/schema/src/extra.ts": 'import { z } from "zod";\n' };

  it("accepts what is allowed, declared, recorded and imported", () => {
    expect(findDependencies(broken({ ...declared, ...recorded, ...imported }), withZod)).toEqual([]);
  });

  it.each([
    ["not allowed", { ...declared, ...recorded, ...imported }, table, "not an allowed"],
    ["not declared", { ...recorded, ...imported }, withZod, "not declared"],
    ["imported undeclared", { ...recorded, ...imported }, withZod, "no dependency of"],
    ["without a record", { ...declared, ...imported }, withZod, "no record"],
    ["never imported", { ...declared, ...recorded }, withZod, 'No module in src imports "zod"'],
  ])("catches a dependency %s", (_, files: Readonly<Record<string, string>>, allowed, message) => {
    expect(placed(findDependencies(broken(files), allowed)).join("\n")).toContain(message);
  });
});
