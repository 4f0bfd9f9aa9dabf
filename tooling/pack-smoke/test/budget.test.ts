import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenCeilings, readBudget } from "../src/budget.ts";
import { installedNames } from "../src/project.ts";
import { renderCosts } from "../src/render-report.ts";

const budget = { packedBytes: 1000, dependencies: 2, importMs: 10 };

describe("brokenCeilings()", () => {
  it("accepts a cost at its ceilings", () => {
    expect(brokenCeilings({ name: "p", packedBytes: 1000, dependencies: 2 }, budget)).toEqual([]);
  });

  it("names each ceiling broken, with both numbers", () => {
    expect(brokenCeilings({ name: "p", packedBytes: 1001, dependencies: 3 }, budget)).toEqual([
      '"p" has packedBytes 1001, its budget is 1000',
      '"p" has dependencies 3, its budget is 2',
    ]);
  });
});

describe("readBudget()", () => {
  it("fails a package without a budget, and one whose budget says nothing", async () => {
    const directory = await mkdtemp(join(tmpdir(), "gov-budget-"));
    const subject = { name: "p", version: "1.0.0", directory, entries: [], bin: {}, dependencies: [] };
    await expect(readBudget(subject)).rejects.toThrow('Cannot weigh "p"');
    await mkdir(join(directory, "etc"));
    await writeFile(join(directory, "etc", "budget.json"), '{ "packedBytes": 1, "dependencies": "2", "importMs": 1 }');
    await expect(readBudget(subject)).rejects.toThrow('"dependencies" must be a number, it is 2');
    await rm(directory, { recursive: true });
  });
});

describe("renderCosts()", () => {
  it("shows a cost beside its ceiling, and that there is none", () => {
    const cost = { name: "p", packedBytes: 900, unpackedBytes: 4000, dependencies: 1, importMs: 12.3, budget };
    const lines = renderCosts([{ ...cost, name: "q", budget: null }, cost]).split("\n");
    expect(lines[1]).toMatch(/^p +900 \/ 1000 +4000 +1 \/ 2 +12 \/ 10$/);
    expect(lines[2]).toMatch(/^q +900 \/ none/);
  });
});

describe("installedNames()", () => {
  it("counts every place a package stands at", () => {
    expect(installedNames(["", "node_modules/@gov/x", "node_modules/a", "node_modules/b/node_modules/a"])).toEqual(["@gov/x", "a", "a"]);
  });
});
