import { describe, expect, it } from "vitest";
import { type Outcome, runSteps } from "../src/run-steps.ts";
import type { Step } from "../src/steps.ts";
import { steps } from "../src/steps.ts";

const step = (name: string, more: Omit<Step, "name" | "command"> = {}): Step => ({ name, command: ["true"], ...more });
const clock = (): number => 0;

/** Runs steps whose ends the test decides, and tells what ran beside what. */
async function watch(
  list: readonly Step[],
  failing: readonly string[] = [],
): Promise<{ readonly beside: readonly string[]; readonly outcomes: readonly Outcome[] }> {
  const running = new Set<string>();
  const beside: string[] = [];
  const outcomes = await runSteps(
    list,
    async ({ name }) => {
      running.add(name);
      beside.push([...running].join("+"));
      await new Promise((resolve) => setTimeout(resolve, 1));
      running.delete(name);
      return !failing.includes(name);
    },
    { jobs: 2, clock },
  );
  return { beside, outcomes };
}

describe("runSteps", () => {
  it("runs two at a time, in their order", async () => {
    const { beside, outcomes } = await watch([step("a"), step("b"), step("c")]);
    expect(beside.slice(0, 2)).toEqual(["a", "a+b"]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  it("begins a step when what it comes after has passed, and counts it as failed where that failed", async () => {
    const list = [step("packed", { after: ["build"] }), step("build"), step("flow", { after: ["packed"] })];
    expect((await watch(list)).beside).toEqual(["build", "packed", "flow"]);
    const { beside, outcomes } = await watch(list, ["build"]);
    expect(beside).toEqual(["build"]);
    expect(outcomes.map((one) => [one.step.name, one.ok])).toEqual([
      ["build", false],
      ["packed", false],
      ["flow", false],
    ]);
  });

  it("leaves the machine to a step that is alone", async () => {
    const { beside } = await watch([step("a"), step("tests", { alone: true }), step("b"), step("c")]);
    expect(beside.filter((names) => names.includes("tests"))).toEqual(["tests"]);
  });

  it("does not wait for a step that was left out, and refuses steps that wait for each other", async () => {
    expect((await watch([step("packed", { after: ["build"] })])).beside).toEqual(["packed"]);
    await expect(watch([step("a", { after: ["b"] }), step("b", { after: ["a"] })])).rejects.toThrow("wait for each other: a, b");
  });
});

describe("steps", () => {
  it("come after steps that there are", () => {
    const names = steps.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { after = [] } of steps) expect(names).toEqual(expect.arrayContaining([...after]));
  });
});
