import { describe, expect, it } from "vitest";
import { brokenCeilings } from "../src/budget.ts";
import { installedNames } from "../src/project.ts";

const budget = { packedBytes: 1000, dependencies: 2, importMs: 10 };

describe("brokenCeilings()", () => {
  it("accepts a cost at its ceilings", () => {
    expect(brokenCeilings({ name: "p", packedBytes: 1000, dependencies: 2, budget })).toEqual([]);
  });

  it("names each ceiling broken, with both numbers", () => {
    expect(brokenCeilings({ name: "p", packedBytes: 1001, dependencies: 3, budget })).toEqual([
      '"p" has packedBytes 1001, its budget is 1000',
      '"p" has dependencies 3, its budget is 2',
    ]);
  });
});

describe("installedNames()", () => {
  it("counts every place a package stands at", () => {
    expect(installedNames(["", "node_modules/@gov/x", "node_modules/a", "node_modules/b/node_modules/a"])).toEqual(["@gov/x", "a", "a"]);
  });
});
