import { describe, expect, it } from "vitest";
import { fuzzReaders } from "./fuzz-readers.ts";

describe("fuzzReaders() at full length", () => {
  it("finds nothing wrong with the readers on 100,000 mutated inputs, in bounded memory", () => {
    const { broken, ...figures } = fuzzReaders({ inputs: 100_000, seed: 20_251_121 });
    console.log(figures);
    expect(broken).toEqual([]);
    expect(figures.heapGrowth).toBeLessThan(512 * 1024 * 1024);
  });
});
