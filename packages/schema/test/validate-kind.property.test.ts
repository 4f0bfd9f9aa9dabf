import { shippedKinds, validateKind } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { agreeOnMutations } from "./agreement.ts";
import { samples } from "./document-samples.ts";

describe("validateKind()", () => {
  it("has a valid sample for every kind that ships (SCH-17)", () => {
    expect(Object.keys(samples).sort()).toEqual([...shippedKinds]);
    for (const [kind, sample] of Object.entries(samples)) expect(validateKind(kind, sample), kind).toEqual([]);
  });

  it("judges every mutated document exactly as its zod source does (SCH-10, SCH-17)", () => {
    const { accepted, rejected } = agreeOnMutations(300);
    expect(rejected).toBeGreaterThan(5_000);
    expect(accepted).toBeGreaterThan(1_500);
  });
});
