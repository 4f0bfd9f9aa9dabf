import { readFileSync } from "node:fs";
import { type JsonObject, parseChecklist, parsePlan, validateKind } from "@gov/schema";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}.md`, import.meta.url), "utf8");
}

function problems(result: ReturnType<typeof parsePlan | typeof parseChecklist>): readonly (readonly [string, number | null, string])[] {
  return result.findings.map(({ code, line, message }) => [code, line, message]);
}

const skeleton = [
  "## 1. Objectives & Scope",
  "## 2. Assumptions Acknowledged & Constraints",
  "## 3. Work Breakdown",
  "| Task ID | Description |",
  "|---|---|",
  "| T-01 | One |",
  "## 4. Execution Phases",
  "## 5. Rollback & Recovery Playbooks",
  "## 6. Risk-to-Task Mapping",
  "## 7. Observability & Validation",
  "## 8. Appendix: Traceability Index",
];

describe("parsePlan()", () => {
  it("reads the governance plan of the sources: tasks, phases as items, mappings and the traceability index (PLN-01, PLN-02)", () => {
    const plan = parsePlan(fixture("plan-governance"), { path: "plan.md" });
    expect(problems(plan)).toEqual([]);
    if (!plan.ok) return;
    expect(validateKind("plan", plan.value as unknown as JsonObject)).toEqual([]);
    expect(plan.value.sections).toHaveLength(8);
    expect(plan.value.tasks.map(({ id }) => id)).toEqual(
      Array.from({ length: 12 }, (_, index) => `T-${String(index + 1).padStart(2, "0")}`),
    );
    expect(plan.value.tasks[0]).toMatchObject({
      owner: "Platform Eng",
      outputs: ["artifact_schema.mdc", "example schema blocks"],
      prerequisites: [],
      priority: "P0",
      sourceRefs: ["AP L1", "SR R-006", "VR confirms R-006"],
    });
    expect(plan.value.tasks[7]?.prerequisites).toEqual(["T-01", "T-02", "T-03", "T-04", "T-05", "T-06"]);
    expect(plan.value.phases.map(({ id, title, tasks }) => [id, title, tasks])).toEqual([
      ["0", "Plan Finalization", ["T-12"]],
      ["1", "Foundations (Schema + Routing)", ["T-01", "T-02"]],
      ["2", "Index & Hydration", ["T-03", "T-04"]],
      ["3", "Contracts & Promotions", ["T-05", "T-06"]],
      ["4", "Migration & Testing", ["T-07", "T-08", "T-09"]],
      ["5", "Hardening & Observability", ["T-10", "T-11"]],
    ]);
    expect(plan.value.phases[1]?.exit).toEqual(["T-01, T-02 complete", "audit_gate PASS for routing conflicts"]);
    expect(plan.value.mappings.map(({ id, tasks }) => [id, tasks.length])).toEqual([
      ["R-001", 4],
      ["R-002", 2],
      ["R-003", 1],
      ["R-004", 1],
      ["R-005", 1],
      ["R-006", 1],
    ]);
    expect(plan.value.traceability?.[0]).toMatchObject({ task: "T-01", sourceRefs: ["AP L1", "SR R-006"] });
    expect(plan.value.traceability).toHaveLength(12);
  });

  it("reads the testing plan of the sources, whose phases are headings with lists of tasks (PLN-04)", () => {
    const plan = parsePlan(fixture("plan-testing"));
    expect(problems(plan)).toEqual([]);
    if (!plan.ok) return;
    expect(plan.value.tasks).toHaveLength(25);
    expect(plan.value.tasks[1]).toMatchObject({
      id: "T-002",
      owner: "Security + Platform",
      prerequisites: ["T-001"],
      sourceRefs: ["SR §3 B-001", "VR NEW-RISK-001"],
    });
    expect(plan.value.phases.map(({ id, tasks }) => [id, tasks.length])).toEqual([
      ["A", 10],
      ["B", 5],
      ["C", 4],
      ["D", 3],
      ["E", 3],
    ]);
    expect(plan.value.phases[0]?.entrance).toEqual(["Repo available", "stakeholders assigned"]);
    expect(plan.value.mappings).toHaveLength(20);
    expect(plan.value.mappings.at(-1)).toMatchObject({ id: "NEW-RISK-006", tasks: ["T-010"] });
    expect(plan.value.traceability).toBeNull();
  });

  it("says what is absent or given twice, with its line", () => {
    expect(parsePlan(skeleton.join("\n")).ok).toBe(true);
    expect(problems(parsePlan(skeleton.toSpliced(6, 1).join("\n")))).toEqual([
      ["SCHEMA_PLAN", 1, 'Plan has no section "Execution Phases"'],
    ]);
    expect(problems(parsePlan([...skeleton, "## Rollback again"].join("\n")))).toEqual([
      ["SCHEMA_PLAN", 12, 'Section "Rollback again" stands twice: first on line 8'],
    ]);
    expect(problems(parsePlan(skeleton.toSpliced(6, 0, "| T-01 | Again |").join("\n"), { startLine: 5, path: "p.md" }))).toEqual([
      ["SCHEMA_PLAN", 11, 'Task "T-01" is given twice: first on line 10'],
    ]);
    expect(problems(parsePlan(skeleton.toSpliced(3, 3).join("\n")))).toEqual([
      ["SCHEMA_PLAN", 3, 'Work breakdown has no table with the column "Task ID"'],
    ]);
    expect(parsePlan("").findings).toHaveLength(8);
  });

  it("passes over code and comments, reads bars inside cells, and stays bounded", () => {
    const text = skeleton
      .toSpliced(6, 0, "| T-02 | a \\| `b` |", "<!-- | T-03 | hidden |", "still hidden -->", "```", "## Traceability", "```")
      .join("\r\n");
    const plan = parsePlan(text);
    expect(plan.ok && plan.value.tasks.map(({ description }) => description)).toEqual(["One", "a | b"]);
    const hostile = skeleton.toSpliced(5, 1, `| T-01 | ${"x".repeat(9_000)} |`).join("\n");
    expect(problems(parsePlan(hostile))[0]).toEqual(["SCHEMA_PLAN", 6, "Line is 9011 characters long: at most 8192 are read"]);
    const ranges = parsePlan(
      skeleton.toSpliced(8, 1, "## Risk-to-Task Mapping", "- R-1 → T-1..T-999999999, T-5..T-3, T-8..X-9").join("\n"),
    );
    expect(ranges.ok && ranges.value.mappings[0]?.tasks).toEqual(["T-1", "T-999999999", "T-5", "T-3", "T-8", "X-9"]);
  });

  it("writes ranges out however their dots are written, and refuses ranges that stand for more ids than any plan has", () => {
    const mapped = (line: string) => parsePlan(skeleton.toSpliced(8, 1, "## Risk-to-Task Mapping", line).join("\n"));
    const dotted = mapped("- R-1 → T-01...T-03, T-05 … T-06");
    expect(dotted.ok && dotted.value.mappings[0]?.tasks).toEqual(["T-01", "T-02", "T-03", "T-05", "T-06"]);
    const cell = Array.from({ length: 101 }, (_, index) => `A${String(index)}-1..A${String(index)}-1001`).join(", ");
    expect(problems(mapped(`- R-1 → ${cell}`))).toEqual([
      ["SCHEMA_PLAN", 1, "Ranges of ids stand for 101000 ids: at most 100000 are written out"],
    ]);
  });

  it("reads phases with any number of lists of tasks in time that grows with it", () => {
    const lists = Array.from({ length: 20_000 }, (_, index) => `- Tasks: T-${String(index)}`);
    const took = stopwatch();
    const plan = parsePlan(skeleton.toSpliced(7, 0, "- Phase 1 — One", ...lists).join("\n"));
    expect(plan.ok && plan.value.phases[0]?.tasks).toHaveLength(20_000);
    expect(took()).toBeLessThan(1500);
  });
});

describe("parseChecklist()", () => {
  it("reads the plan of checkboxes of the sources: eight phases, numbers, and what belongs to what (PLN-01)", () => {
    const list = parseChecklist(fixture("checklist-remediation"));
    expect(problems(list)).toEqual([]);
    if (!list.ok) return;
    expect(validateKind("checklist", list.value as unknown as JsonObject)).toEqual([]);
    expect(list.value.phases).toHaveLength(8);
    expect(list.value.items).toHaveLength(44);
    expect(list.value.items.filter(({ parent }) => parent === "2.7").map(({ id }) => id)).toEqual(["2.7.1", "2.7.2", "2.7.3", "2.7.4"]);
    expect(list.value.items.every(({ isDone, id, phase }) => !isDone && Number(id.split(".")[0]) === phase)).toBe(true);
  });

  it("names items without a number by phase and place, and tells done from open", () => {
    const list = parseChecklist(
      "- [ ] before\n## 8. Acceptance\n- [x] **Event Lifecycle**: done\n- [X] 8.1 Numbered\n\t- [ ] inner\n- plain\n",
      { startLine: 3 },
    );
    expect(list.ok && list.value.items).toEqual([
      { id: "item-0-1", text: "before", isDone: false, phase: 0, parent: null, line: 3 },
      { id: "item-1-1", text: "Event Lifecycle: done", isDone: true, phase: 1, parent: null, line: 5 },
      { id: "8.1", text: "Numbered", isDone: true, phase: 1, parent: null, line: 6 },
      { id: "item-1-2", text: "inner", isDone: false, phase: 1, parent: "8.1", line: 7 },
    ]);
  });

  it("refuses a list without items, a number given twice, and lines without end", () => {
    expect(problems(parseChecklist("# Plan"))).toEqual([
      ["SCHEMA_PLAN", 1, "Checklist has no item: expected lines such as - [ ] 1.1 text"],
    ]);
    expect(problems(parseChecklist("- [ ] 1.1 a\n- [x] 1.1 b"))).toEqual([
      ["SCHEMA_PLAN", 2, 'Item "1.1" is given twice: first on line 1'],
    ]);
    expect(parseChecklist(`- [ ] ${"x".repeat(9_000)}`).ok).toBe(false);
  });
});
