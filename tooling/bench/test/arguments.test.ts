import { describe, expect, it } from "vitest";
import { parseArguments } from "../src/arguments.ts";

describe("parseArguments()", () => {
  it("measures everything with the published seed by default", () => {
    const parsed = parseArguments([], { root: "r" });
    expect(parsed).toMatchObject({ filter: null, quick: false, seed: 20250101 });
    expect(parsed.out).toContain("bench");
  });

  it("takes a filter, a seed and folders", () => {
    const argv = ["canonical", "--quick", "--seed", "7", "--out", "o", "--scratch", "s"];
    expect(parseArguments(argv, { root: "r" })).toEqual({ filter: "canonical", quick: true, out: "o", scratch: "s", seed: 7 });
  });

  it.each([["--seed", "x"], ["--seed", "1.5"], ["a", "b"], ["--fast"]])("refuses %s %s", (...argv) => {
    expect(() => parseArguments(argv, { root: "r" })).toThrow(/Cannot use|Unknown option/);
  });
});
