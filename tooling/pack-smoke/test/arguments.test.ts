import { describe, expect, it } from "vitest";
import { parseArguments } from "../src/arguments.ts";
import { nodeReleases, selectReleases } from "../src/node-releases.ts";

describe("parseArguments()", () => {
  it("selects everything by default", () => {
    expect(parseArguments([])).toEqual({ majors: [], packages: [], keep: false });
  });

  it("takes several Nodes and packages", () => {
    expect(parseArguments(["--node", "20", "--node", "24", "schema", "--keep"])).toEqual({
      majors: ["20", "24"],
      packages: ["schema"],
      keep: true,
    });
  });

  it("refuses an unknown option instead of trying less than was asked for", () => {
    expect(() => parseArguments(["--nodes", "20"])).toThrow(TypeError);
  });
});

describe("selectReleases()", () => {
  it("tries every release when none is named", () => {
    expect(selectReleases([])).toBe(nodeReleases);
  });

  it("begins at the floor that engines promises", () => {
    expect(nodeReleases[0]).toBe("20.19.0");
  });

  it("refuses a Node that is not tried", () => {
    expect(selectReleases(["24"])).toEqual(["24.21.0"]);
    expect(() => selectReleases(["18"])).toThrow("Cannot try Node 18: choose from 20, 22, 24, 26");
  });
});
