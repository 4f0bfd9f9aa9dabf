import { describe, expect, it } from "vitest";
import { sortInSlices } from "../src/internal/sort-in-slices.ts";
import { seededRandom } from "./seeded-random.ts";

describe("sortInSlices()", () => {
  it("sorts, and compares a bounded number of texts in a turn, from the first to the last (IDX-01)", async () => {
    const random = seededRandom(3);
    let [looks, most] = [0, 0];
    /** A text that counts how often it is compared. */
    const counted = (text: string): string => ({ toString: () => ((looks += 1), text) }) as unknown as string;
    const texts = Array.from({ length: 20_000 }, () => String(random()));
    const sorted = await sortInSlices(texts.map(counted), async () => {
      most = Math.max(most, looks);
      looks = 0;
    });
    most = Math.max(most, looks);
    expect(sorted.map(String)).toEqual(texts.toSorted());
    // Sorting 500 takes some 4,000 comparisons of two, merging 2,000 as many.
    expect(most).toBeLessThan(12_000);
  });
});
