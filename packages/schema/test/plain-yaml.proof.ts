import { describe, expect, it } from "vitest";
import { comparePlainYaml } from "./plain-yaml.ts";

describe("readPlainYaml() at full length", () => {
  it("says of a million texts what the parser says, in value, order, place and source text", () => {
    const { different, ...figures } = comparePlainYaml({ answers: 1_000_000, seed: 20_261_126 });
    console.log(figures);
    expect(different).toEqual([]);
    expect(figures.answered).toBe(1_000_000);
  });
});
