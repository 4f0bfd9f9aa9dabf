import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeTags } from "@gov/schema";

describe("normalizeTags()", () => {
  it("gives one form to texts, lists and mappings (ART-20)", () => {
    const expected = [
      { key: "Release", value: null },
      { key: "Risk", value: "Low" },
      { key: "criticality", value: "0" },
    ];
    expect(normalizeTags(["Release", " Risk : Low ", "criticality:0"])).toEqual({ tags: expected, rejected: [] });
    expect(normalizeTags({ Release: true, Risk: "Low", criticality: 0 })).toEqual({ tags: expected, rejected: [] });
    expect(normalizeTags("Risk:Low").tags).toEqual([expected[1]]);
    expect(normalizeTags(null)).toEqual({ tags: [], rejected: [] });
    expect(normalizeTags(["Ref:a:b"]).tags).toEqual([{ key: "Ref", value: "a:b" }]);
  });

  it("drops repetitions and names what is no tag", () => {
    expect(normalizeTags(["A", "A", "A:1", ":x", "A:", "", 7, ["B"]])).toEqual({
      tags: [
        { key: "A", value: null },
        { key: "A", value: "1" },
      ],
      rejected: ["/3", "/4", "/5", "/6", "/7"],
    });
    expect(normalizeTags({ "a/b": [1], ok: "x" }).rejected).toEqual(["/a~1b"]);
    expect(normalizeTags(5).rejected).toEqual([""]);
  });

  it("is stable: tags written out again give the same tags (ART-20)", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        const { tags } = normalizeTags(texts);
        expect(normalizeTags(tags.map(({ key, value }) => (value === null ? key : `${key}:${value}`))).tags).toEqual(tags);
      }),
    );
  });
});
