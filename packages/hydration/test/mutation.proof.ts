import { describe, expect, it } from "vitest";
import { explainedSurvivors } from "./explained-survivors.ts";
import { allMutants, survivorsAmong } from "./mutation-run.ts";

describe("precedence and matching under mutation", () => {
  it("leave no survivor unexplained, and no explanation without its survivor (HYD-01, RTE-01)", async () => {
    const survivors = (await survivorsAmong([...allMutants.keys()])).map((number) => allMutants[number]?.name ?? "");
    expect(survivors.filter((name) => !explainedSurvivors.has(name))).toEqual([]);
    expect([...explainedSurvivors.keys()].filter((name) => !survivors.includes(name))).toEqual([]);
  });
});
