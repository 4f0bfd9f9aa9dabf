import { compareCandidates, selectAll, selectArtifact, selectWinners } from "@gov/hydration";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidate, candidates, spec } from "./arbitraries.ts";
import { proofRuns } from "./proof-runs.ts";

const ofSomeIds = fc.array(
  fc.tuple(candidate, fc.constantFrom("A-1", "B-1", "__proto__", "\u{1f600}", "\uff41")).map(([each, id]) => ({ ...each, id })),
  { maxLength: 12 },
);

describe("selectWinners()", () => {
  it("names exactly the winners of selectAll(), in the same order (HYD-03)", () => {
    fc.assert(
      fc.property(ofSomeIds, spec, (candidates, rule) => {
        const winners = [...selectAll(candidates, rule)].map(([id, { winner }]) => [id, winner]);
        expect([...selectWinners(candidates, rule)]).toEqual(winners);
      }),
      { numRuns: proofRuns(1000) },
    );
  });

  it("refuses a commit time that is no number", () => {
    const [broken] = fc.sample(candidate, 1).map((each) => ({ ...each, commitTime: Infinity }));
    expect(() =>
      selectWinners([broken as NonNullable<typeof broken>], { precedence: ["solo"], tie_breakers: ["path"], uncommitted: "newest" }),
    ).toThrow(RangeError);
  });
});

describe("selectArtifact()", () => {
  it("ranks the candidates in the order of compareCandidates() (HYD-01, HYD-06)", () => {
    fc.assert(
      fc.property(candidates, spec, (list, rule) => {
        const ranked = [...list].sort((a, b) => compareCandidates(a, b, { spec: rule }).order);
        expect(selectArtifact(list, rule).trace.map(({ path }) => path)).toEqual(ranked.map(({ path }) => path));
      }),
      { numRuns: proofRuns(1000) },
    );
  });
});
