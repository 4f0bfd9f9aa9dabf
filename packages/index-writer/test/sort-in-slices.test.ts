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
    const breathe = async (): Promise<void> => {
      most = Math.max(most, looks);
      looks = 0;
    };
    const sorted = await sortInSlices(texts.keys(), { textOf: (key) => counted(texts[key] as string), breathe });
    most = Math.max(most, looks);
    expect(sorted.map((key) => texts[key])).toEqual(texts.toSorted());
    // Sorting 500 takes some 4,000 comparisons of two, merging 1,000 a fourth.
    expect(most).toBeLessThan(12_000);
  });
});
