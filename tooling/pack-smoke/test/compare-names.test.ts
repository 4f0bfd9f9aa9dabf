import { describe, expect, it } from "vitest";
import { compareNames } from "../src/import-entries.ts";

describe("compareNames()", () => {
  it("accepts the same names by both ways", () => {
    expect(compareNames(["p"], { p: ["a"] }, { p: ["a"] })).toEqual([]);
  });

  it("refuses an entry that gives nothing, or nothing by one of the ways", () => {
    expect(compareNames(["p", "q"], { p: [], q: ["a"] }, { p: [], q: [] })).toEqual([
      '"p" exports nothing',
      '"q" gives a by import, but nothing by require',
    ]);
  });

  it("refuses a package without entries", () => {
    expect(compareNames([], {}, {})).toHaveLength(1);
  });
});
