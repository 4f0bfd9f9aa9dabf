import { describe, expect, it } from "vitest";
import { explainedSurvivors } from "./explained-survivors.ts";
import { allMutants, survivorsAmong } from "./mutation-run.ts";

describe("precedence and matching under mutation", () => {
  it("pass the judge as they are, and fail it when one thing is changed: a sample of `pnpm proof hydration` (HYD-01, RTE-01)", async () => {
    const sample = [...allMutants.keys()].filter((number) => number % 23 === 3 && !explainedSurvivors.has(allMutants[number]?.name ?? ""));
    expect(sample.length).toBeGreaterThan(4);
    expect(await survivorsAmong([-1, ...sample])).toEqual([-1]);
  }, 120_000);
});
