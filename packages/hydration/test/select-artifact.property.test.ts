import { compareCandidates, selectArtifact } from "@gov/hydration";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidate, candidates, spec } from "./arbitraries.ts";
import { oracle } from "./oracle.ts";
import { proofRuns } from "./proof-runs.ts";

const shuffled = candidates.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length })),
);

describe("selectArtifact()", () => {
  it("gives the same selection for every order of the candidates (HYD-03)", () => {
    fc.assert(
      fc.property(shuffled, spec, ([list, permuted], rule) => {
        expect(JSON.stringify(selectArtifact(permuted, rule))).toBe(JSON.stringify(selectArtifact(list, rule)));
      }),
      { numRuns: proofRuns(1000) },
    );
  });

  it("agrees with a second implementation written from the requirement (HYD-01, HYD-02)", () => {
    fc.assert(
      fc.property(candidates, spec, (list, rule) => {
        const { outcome, winner, rule: decidedBy } = selectArtifact(list, rule);
        expect({ outcome, winner: winner?.path ?? null, rule: decidedBy }).toEqual(oracle(list, rule));
      }),
      { numRuns: proofRuns(2000) },
    );
  });

  it("is idempotent: the winner wins against itself alone, when its rule admits it", () => {
    fc.assert(
      fc.property(candidates, spec, (list, rule) => {
        const { winner } = selectArtifact(list, rule);
        if (winner !== null) expect(selectArtifact([winner], rule).winner).toBe(winner);
      }),
    );
  });

  it("never changes the winner for a candidate that ranks behind it, and never picks silently among drafts (HYD-03)", () => {
    fc.assert(
      fc.property(candidates, candidate, spec, (list, extra, rule) => {
        const before = selectArtifact(list, rule);
        if (before.winner === null || list.some(({ path }) => path === extra.path)) return;
        if (compareCandidates(before.winner, extra, { spec: rule }).order > 0) return;
        const after = selectArtifact([...list, extra], rule);
        if (before.rule === "solo" && after.winner === null) expect(oracle([...list, extra], rule).outcome).toBe("unresolved");
        else expect(after.winner).toBe(before.winner);
      }),
      { numRuns: proofRuns(1000) },
    );
  });
});

describe("compareCandidates()", () => {
  it("is antisymmetric, and equal only for equal candidates", () => {
    fc.assert(
      fc.property(candidate, candidate, spec, (a, b, rule) => {
        const there = compareCandidates(a, b, { spec: rule });
        const back = compareCandidates(b, a, { spec: rule });
        expect(Math.sign(there.order) + Math.sign(back.order)).toBe(0);
        expect(there.decidedBy).toBe(back.decidedBy);
        if (there.order === 0) expect(a).toEqual(b);
      }),
      { numRuns: proofRuns(1000) },
    );
  });

  it("is transitive", () => {
    fc.assert(
      fc.property(candidate, candidate, candidate, spec, (a, b, c, rule) => {
        const order = (x: typeof a, y: typeof a) => compareCandidates(x, y, { spec: rule }).order;
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: proofRuns(2000) },
    );
  });
});
