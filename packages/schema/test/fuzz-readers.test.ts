import { describe, expect, it } from "vitest";
import { brokenReaders, fuzzReaders } from "./fuzz-readers.ts";

describe("fuzzReaders()", () => {
  it("catches a reader that throws, refuses without a reason, passes with an error, or points outside of the text", () => {
    for (const reader of brokenReaders) {
      const { broken } = fuzzReaders({ inputs: 600, seed: 1, readers: [reader] });
      expect(broken.length, reader.name).toBeGreaterThan(0);
    }
  });

  it("finds nothing wrong with the readers, in a sample", { timeout: 120_000 }, () => {
    const report = fuzzReaders({ inputs: 3_000, seed: 20_251_121 });
    expect(report.broken).toEqual([]);
    expect(Math.min(report.read, report.refused)).toBeGreaterThan(300);
  });
});
