import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tallyVotes, type Vote } from "../src/sign/internal/threshold.ts";

const vote: fc.Arbitrary<Vote> = fc.record({ person: fc.constantFrom("a", "b", "c", "d"), role: fc.constantFrom("lead", "qa", "ops") });

/** Tries every way of giving each place to another person. */
function canFill(places: readonly string[], votes: readonly Vote[], taken: ReadonlySet<string> = new Set()): boolean {
  const [role, ...rest] = places;
  if (role === undefined) return true;
  return votes.some((one) => one.role === role && !taken.has(one.person) && canFill(rest, votes, new Set([...taken, one.person])));
}

describe("tallyVotes()", () => {
  it("fills every place exactly when some assignment of different people does", () => {
    const roles = fc.dictionary(fc.constantFrom("lead", "qa", "ops"), fc.integer({ min: 1, max: 2 }));
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 8 }), roles, (votes, asked) => {
        const tally = tallyVotes(votes, new Map(Object.entries(asked)));
        const places = Object.entries(asked).flatMap(([role, count]) => Array.from({ length: count }, () => role));
        expect(tally.people).toBe(new Set(votes.map(({ person }) => person)).size);
        expect(tally.lacking.size === 0).toBe(canFill(places, votes));
      }),
      { numRuns: 500 },
    );
  });
});
