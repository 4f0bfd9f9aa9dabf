import { shippedKinds } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { agreeOnMutations } from "./agreement.ts";

describe("validateKind()", () => {
  it("judges a million mutated documents exactly as their zod sources do (SCH-10, SCH-17)", () => {
    const { accepted, rejected } = agreeOnMutations(Math.ceil(1_000_000 / shippedKinds.length));
    console.log(`${String(accepted)} accepted by both, ${String(rejected)} refused by both`);
    expect(accepted + rejected).toBeGreaterThanOrEqual(1_000_000);
  });
});
