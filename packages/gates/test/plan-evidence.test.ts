import { contractsOf, countTasks, tasksOf } from "@gov/gates";
import { describe, expect, it } from "vitest";

const task = { id: "T-1", title: "One", effort_points: 1, priority: "P0", dependencies: [], artifacts: [] };
const plan = (...statuses: readonly (string | undefined)[]) => ({
  version: "1.0.0",
  generated_at: "2024-01-15T10:00:00Z",
  tasks: statuses.map((status, index) => ({ ...task, id: `T-${String(index)}`, ...(status === undefined ? {} : { status }) })),
});

describe("countTasks()", () => {
  it("counts a task as delivered only when its status says so", () => {
    expect(countTasks([plan("done", "Done", "completed"), plan("open", undefined)])).toEqual({ completed: 3, total: 5 });
  });

  it("counts nothing in no plan", () => {
    expect(countTasks([])).toEqual({ completed: 0, total: 0 });
  });
});

describe("tasksOf()", () => {
  it("gives each task the line of its place, and what is absent as absent", () => {
    const [only] = tasksOf(plan("open"), { path: "be_backlog.yaml", lineOf: (pointer) => (pointer === "/tasks/0" ? 7 : null) });
    expect(only).toMatchObject({ id: "T-0", path: "be_backlog.yaml", line: 7, owner: null, acceptanceCriteria: [], storyNodes: [] });
  });
});

describe("contractsOf()", () => {
  it("keeps owner and state", () => {
    const contract = { id: "DC-1", consumer: "fe", provider: "be", owner: "ann", state: "open" as const };
    expect(contractsOf({ version: "1.0.0", contracts: [contract] }, { path: "c.yaml" })).toEqual([
      { id: "DC-1", owner: "ann", state: "open", path: "c.yaml", line: null },
    ]);
  });
});
