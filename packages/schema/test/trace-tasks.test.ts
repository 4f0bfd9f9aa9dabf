import { parseDocument, parseStoryMap, readTraceTasks, traceTasks } from "@gov/schema";
import { describe, expect, it } from "vitest";

const map = parseStoryMap("# Map\n\n### Walking Skeleton (MVP)\n- [SM-001] Gates\n- [SM-002] Digest\n- [SM-003] Later\n");

function tasksOf(text: string) {
  const parsed = parseDocument({ path: "be_backlog.yaml", bytes: new TextEncoder().encode(text) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return readTraceTasks(parsed.value);
}
const tasks = tasksOf(`version: "1.0.0"
tasks:
  - id: T-1
    linked_story_map_nodes: [SM-001, SM-002]
  - id: T-2
    linked_story_map_nodes: [SM-002, SM-009]
    kpis: [velocity, speed]
  - id: T-3
  - id: T-3
    linked_story_map_nodes: [SM-001]
  - title: no id
  - 7
`);

describe("traceTasks()", () => {
  it("traces every task over its stories to the KPIs that count it, and names what does not trace (ART-13, ART-12)", () => {
    const trace = traceTasks({
      tasks,
      stories: map.nodes,
      kpis: [{ name: "gates", storyNodes: ["SM-001", "SM-404"] }, { name: "velocity" }, { name: "idle", storyNodes: ["SM-003"] }],
    });
    expect(trace.rows).toEqual([
      { task: "T-1", stories: ["SM-001", "SM-002"], kpis: ["gates"] },
      { task: "T-2", stories: ["SM-002"], kpis: ["velocity"] },
      { task: "T-3", stories: [], kpis: [] },
      { task: "T-3", stories: ["SM-001"], kpis: ["gates"] },
    ]);
    expect([trace.storiesWithoutTasks, trace.kpisWithoutTasks]).toEqual([["SM-003"], ["idle"]]);
    expect(trace.findings.map(({ code, path, line, message }) => [code, path, line, message])).toEqual([
      ["SCHEMA_DANGLING_REFERENCE", null, null, 'KPI "gates" counts story "SM-404", which the map does not have'],
      ["SCHEMA_DANGLING_REFERENCE", "be_backlog.yaml", 5, 'Task "T-2" counts in KPI "speed", which is not defined'],
      ["SCHEMA_DANGLING_REFERENCE", "be_backlog.yaml", 5, 'Task "T-2" links to story "SM-009", which the map does not have'],
      ["SCHEMA_TRACE", "be_backlog.yaml", 8, 'Task "T-3" counts in no KPI'],
      ["SCHEMA_TRACE", "be_backlog.yaml", 8, 'Task "T-3" links to no story of the map'],
      ["SCHEMA_DUPLICATE_ID", "be_backlog.yaml", 9, 'Task "T-3" is given twice'],
    ]);
  });

  it("has nothing to say of a plan that traces, and counts every task where a KPI does (ART-13)", () => {
    const trace = traceTasks({
      tasks: tasks.slice(0, 1),
      stories: map.nodes.slice(0, 2),
      kpis: [{ name: "pass_rate", storyNodes: "every" }],
    });
    expect(trace).toEqual({
      rows: [{ task: "T-1", stories: ["SM-001", "SM-002"], kpis: ["pass_rate"] }],
      storiesWithoutTasks: [],
      kpisWithoutTasks: [],
      findings: [],
    });
  });
});

describe("readTraceTasks()", () => {
  it("passes over what is no plan", () => {
    for (const text of ["- 1\n", "tasks: 7\n", "other: []\n", "tasks: [null, {id: 5}]\n"]) expect(tasksOf(text)).toEqual([]);
  });
});
