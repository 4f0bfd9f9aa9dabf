import { changeLogOf, contractsOf, countTasks, outcomesOf, tasksOf } from "@gov/gates";
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

  it("counts what is no task of a half-filled plan as one that is not delivered", () => {
    const half = (tasks: unknown) => countTasks([{ ...plan(), tasks } as never]);
    expect(half([null, "T-2", { id: "T-3", status: 3 }, { status: "done" }])).toEqual({ completed: 1, total: 4 });
    for (const tasks of [null, undefined, "T-1", {}]) expect(half(tasks)).toEqual({ completed: 0, total: 0 });
  });
});

describe("tasksOf()", () => {
  it("gives each task the line of its place, and what is absent as absent", () => {
    const [only] = tasksOf(plan("open"), { path: "be_backlog.yaml", lineOf: (pointer) => (pointer === "/tasks/0" ? 7 : null) });
    expect(only).toMatchObject({ id: "T-0", path: "be_backlog.yaml", line: 7, owner: null, acceptanceCriteria: [], storyNodes: [] });
  });

  it("names the place of what is no task in a plan that nobody validated", () => {
    const read = (tasks: unknown) => () => tasksOf({ ...plan(), tasks } as never, { path: "b.yaml" });
    expect(read(null)).toThrow(new TypeError('Cannot use "b.yaml": /tasks must be a list'));
    expect(read([task, null])).toThrow(new TypeError('Cannot use "b.yaml": /tasks/1 must be a mapping with an id'));
    expect(read([{ title: "One" }])).toThrow("/tasks/0 must be a mapping with an id");
    expect(read([{ ...task, dependencies: "T-2" }])).toThrow("/tasks/0/dependencies must be a list of texts");
    expect(read([{ ...task, acceptance_criteria: [1] }])).toThrow("/tasks/0/acceptance_criteria must be a list of texts");
    expect(read([{ ...task, owner: 7 }])).toThrow("/tasks/0/owner must be a text");
    expect(read([{ ...task, owner: null, dependencies: null }])()).toMatchObject([{ owner: null, dependencies: [] }]);
  });
});

describe("contractsOf()", () => {
  it("names the place of what is no contract in a document that nobody validated", () => {
    const read = (contracts: unknown) => () => contractsOf({ version: "1.0.0", contracts } as never, { path: "c.yaml" });
    expect(read(undefined)).toThrow(new TypeError('Cannot use "c.yaml": /contracts must be a list'));
    expect(read([null])).toThrow(new TypeError('Cannot use "c.yaml": /contracts/0 must be a mapping with an id'));
  });

  it("keeps owner and state", () => {
    const contract = { id: "DC-1", consumer: "fe", provider: "be", owner: "ann", state: "open" as const };
    expect(contractsOf({ version: "1.0.0", contracts: [contract] }, { path: "c.yaml" })).toEqual([
      { id: "DC-1", owner: "ann", state: "open", due: null, escalationTo: null, path: "c.yaml", line: null },
    ]);
  });

  it("keeps until when it is due, and who is told when it slips (ART-17)", () => {
    const contract = { id: "DC-1", consumer: "fe", provider: "be", owner: "ann", state: "stubbed" as const };
    const [only] = contractsOf(
      { version: "1.0.0", contracts: [{ ...contract, due: "2026-01-31", escalation_to: "lead" }] },
      { path: "c.yaml" },
    );
    expect(only).toMatchObject({ due: "2026-01-31", escalationTo: "lead" });
  });
});

describe("changeLogOf(), outcomesOf()", () => {
  const source = { path: "log.yaml", lineOf: (pointer: string) => (pointer === "/outcomes/1" ? 12 : null) };
  const tasks = tasksOf(plan("done"), { path: "b.yaml" }).map((one) => ({ ...one, acceptanceCriteria: ["works"] }));

  it("read what went otherwise than planned, and what came of each task (ART-14, ART-15)", () => {
    const document = {
      changes: [{ id: "CH-1", type: "deviation", task_id: "T-0", description: "d" }],
      outcomes: [
        { task_id: "T-0", evidence: ["report.xml"], validation: "accepted" },
        { task_id: "T-9", evidence: "none", validation: "maybe" },
      ],
    };
    expect(changeLogOf(document, source)).toEqual({ path: "log.yaml", changes: [{ id: "CH-1", task: "T-0", kind: "deviation" }] });
    expect(outcomesOf(document, { ...source, tasks })).toEqual([
      { task: "T-0", acceptanceCriteria: ["works"], evidence: ["report.xml"], validation: "accepted", path: "log.yaml", line: null },
      { task: "T-9", acceptanceCriteria: [], evidence: [], validation: null, path: "log.yaml", line: 12 },
    ]);
  });

  it("take what is no record for none, never for a good one (ART-14)", () => {
    expect(changeLogOf({ changes: "all" }, source).changes).toEqual([]);
    expect(outcomesOf({}, { ...source, tasks })).toEqual([]);
    expect(outcomesOf({ outcomes: [null, { task_id: 7 }] }, { path: "log.yaml", tasks })).toMatchObject([
      { task: "", validation: null, line: null },
    ]);
  });
});
