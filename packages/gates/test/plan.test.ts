import {
  evaluatePhases,
  expandIds,
  governancePhases,
  lintChecklist,
  lintPlan,
  phaseFactsOf,
  pipelinePhases,
  planOf as readPlan,
} from "@gov/gates/plan";
import type { ChecklistItem, KnownFacts, PhaseFacts, Plan, PlanOfOptions, PlanTask } from "@gov/gates/plan";
import type { BacklogTask, Finding, PlanDocument } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { builtInValidators } from "@gov/gates/validators";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";
import { evidenceOf } from "./evidence-fixture.ts";
import { checklistOf, planOf, seedText } from "./seed-plan.ts";

const planTask = (id: string, changes: Partial<PlanTask> = {}): PlanTask => ({
  id,
  description: "works",
  owner: "ada",
  prerequisites: [],
  priority: "P1",
  sourceRefs: [`SR ${id}`],
  estimate: null,
  acceptanceCriteria: [],
  slo: null,
  line: Number(id.split("-")[1]),
  ...changes,
});

/** A plan whose phases and index follow from its tasks. */
const planOfTasks = (tasks: readonly PlanTask[], changes: Partial<Plan> = {}): Plan => ({
  path: "plan.md",
  tasks,
  phases: [{ id: "0", tasks: tasks.map(({ id }) => id), line: 50 }],
  items: [],
  traceability: tasks.map(({ id, sourceRefs, line }) => ({ task: id, sourceRefs, line })),
  ...changes,
});

const short = (findings: readonly Finding[]) => findings.map(({ code, line }) => `${code.replace("GATES_", "")}:${line ?? "-"}`);
const messages = (findings: readonly Finding[]) => findings.map(({ message }) => message);

describe("expandIds()", () => {
  it("expands ranges and reads lists, in any of the spellings of the seeds", () => {
    expect(expandIds("T-01..T-06")).toEqual(["T-01", "T-02", "T-03", "T-04", "T-05", "T-06"]);
    expect(expandIds("R-001…R-003; NEW-RISK-006.")).toEqual(["R-001", "R-002", "R-003", "NEW-RISK-006"]);
    expect(expandIds("A-1–A-3, A-2")).toEqual(["A-1", "A-2", "A-3"]);
    expect(expandIds("— none; T-; -1; t-1; P0")).toEqual([]);
    expect(expandIds("T-3..T-1 and T-1..R-3")).toEqual(["T-3", "T-1", "R-3"]);
    expect(expandIds("T-1..T-900000000")).toEqual(["T-1", "T-900000000"]);
    expect(expandIds("T-01...T-03; T-07...")).toEqual(["T-01", "T-02", "T-03", "T-07"]);
  });

  it("writes out at most a thousand ids of a range, and ten thousand of a text", () => {
    expect(expandIds("T-1..T-1000")).toHaveLength(1000);
    expect(expandIds("T-1..T-1001")).toEqual(["T-1", "T-1001"]);
    const ranges = Array.from({ length: 5000 }, (_, index) => `A${String(index)}-1..A${String(index)}-1000`);
    expect(expandIds(ranges.join(", ")).length).toBeLessThan(20_001);
  });
});

describe("lintPlan()", () => {
  it("finds nothing in a sound plan, and asks for a source of every task (PLN-02)", () => {
    const plan = planOfTasks([planTask("T-1"), planTask("T-2", { prerequisites: ["T-1"] })]);
    expect(lintPlan(plan)).toEqual([]);
    expect(short(lintPlan(planOfTasks([planTask("T-1", { sourceRefs: [" "] })])))).toEqual(["PLAN_SOURCE_MISSING:1"]);
  });

  it("finds prerequisites that are no tasks, cycles, and ids used twice (PLN-07)", () => {
    const tasks = [
      planTask("T-1", { prerequisites: ["T-2"] }),
      planTask("T-2", { prerequisites: ["T-1", "T-9"] }),
      planTask("T-3"),
      planTask("T-3", { line: 4 }),
    ];
    expect(short(lintPlan(planOfTasks(tasks)))).toEqual(["DEPENDENCY_CYCLE:1", "PLAN_TASK_UNKNOWN:2", "ID_DUPLICATE:4"]);
  });

  it("finds a task that waits for a less urgent one, and passes over priorities that are none (PLN-07)", () => {
    const waits = (priority: string | null, other: string | null) =>
      short(lintPlan(planOfTasks([planTask("T-1", { priority, prerequisites: ["T-2"] }), planTask("T-2", { priority: other })])));
    expect(waits("P0", "P1")).toEqual(["PLAN_PRIORITY_INVERSION:1"]);
    for (const [a, b] of [
      ["P1", "P1"],
      ["P1", "P0"],
      [null, "P1"],
      ["P0", "high"],
    ] as const)
      expect(waits(a, b)).toEqual([]);
  });

  it("finds tasks in no phase, phases with unknown tasks, and tasks before what they need (PLN-07)", () => {
    const tasks = [planTask("T-1", { prerequisites: ["T-2", "T-3"] }), planTask("T-2"), planTask("T-3")];
    const phases = [
      { id: "A", tasks: ["T-1", "T-7"], line: 50 },
      { id: "B", tasks: ["T-2", "T-1"], line: 51 },
    ];
    expect(messages(lintPlan(planOfTasks(tasks, { phases })))).toEqual([
      'Task "T-1" stands in phase "A" and needs "T-2", which stands in phase "B"',
      'Task "T-1" stands in phase "A" and needs "T-3", which stands in no phase',
      'Task "T-3" stands in no phase',
      'Phase "A" names "T-7", which is no task',
    ]);
  });

  it("asks for owners, estimates, criteria and objectives where it is told to (SCH-06, D-01)", () => {
    const bare = planOfTasks([planTask("T-1", { owner: " " })]);
    expect(messages(lintPlan(bare))).toEqual(['Task "T-1" has no owner']);
    expect(messages(lintPlan(bare, { require: ["slo", "estimate", "acceptance_criteria"] }))).toEqual(
      ["acceptance_criteria", "estimate", "slo"].map((field) => `Task "T-1" has no ${field}`),
    );
    const full = planOfTasks([planTask("T-1", { estimate: "3d", slo: "p95 < 1 s", acceptanceCriteria: ["green"] })]);
    expect(lintPlan(full, { require: ["slo", "estimate", "acceptance_criteria", "owner"] })).toEqual([]);
  });

  it("compares the mapping of risks with what tasks cite, both ways (PLN-06)", () => {
    const tasks = [planTask("T-1", { sourceRefs: ["SR R-001"] }), planTask("T-2", { sourceRefs: ["SR R-001, B-001"] })];
    const item = { tasks: null, isAcknowledged: false, line: 60 };
    const items = [
      { ...item, id: "R-001", tasks: ["T-1", "T-9"] },
      { ...item, id: "R-002", tasks: ["T-1"], line: 61 },
      { ...item, id: "R-003", tasks: [], line: 62 },
      { ...item, id: "B-001" },
      { ...item, id: "M-001", line: 63 },
      { ...item, id: "A-001", isAcknowledged: true },
    ];
    expect(messages(lintPlan(planOfTasks(tasks, { items })))).toEqual([
      '"R-001" is cited by task "T-2", which it is not mapped to',
      '"R-001" is mapped to "T-9", which is no task',
      '"R-002" is mapped to task "T-1", whose sources do not cite it',
      '"R-003" is answered by no task: map it or cite it',
      '"M-001" is answered by no task: map it or cite it',
    ]);
  });

  it("knows an item of any spelling where a task cites it, and what every task cites of a list or a range (PLN-06)", () => {
    const sourceRefs = ["SR RISK1 (loss)", "VR R-001..R-003", "Verlust der Daten", "x __proto__"];
    const names = ["RISK1", "R-002", "Verlust der Daten", "__proto__"];
    const items = names.map((id) => ({ id, tasks: ["T-1"], isAcknowledged: false, line: 60 }));
    expect(lintPlan(planOfTasks([planTask("T-1", { sourceRefs })], { items }))).toEqual([]);
    const [unanswered] = lintPlan(
      planOfTasks([planTask("T-1", { sourceRefs: ["RISK10"] })], { items: [{ ...items[0], tasks: null } as never] }),
    );
    expect(unanswered?.message).toBe('"RISK1" is answered by no task: map it or cite it');
  });

  it("lints indexes and mappings of any length in time that grows with it (PLN-06)", () => {
    const many = Array.from({ length: 5000 }, (_, index) => index);
    const tasks = many.map((index) => planTask(`T-${String(index)}`, { sourceRefs: ["S"] }));
    const items = many.map((index) => ({ id: `R-${String(index)}`, tasks: ["T-1"], isAcknowledged: false, line: 60 }));
    const traceability = many.map((index) => ({ task: "T-1", sourceRefs: [`S${String(index)}`], line: 70 }));
    const took = stopwatch();
    expect(lintPlan(planOfTasks(tasks, { items, traceability }))).toHaveLength(15_000);
    expect(took()).toBeLessThan(1500);
  });

  it("compares the traceability index with the task table, both ways", () => {
    const tasks = [planTask("T-1", { sourceRefs: ["AP L1", "SR  R-1"] }), planTask("T-2")];
    const traceability = [
      { task: "T-1", sourceRefs: ["SR R-1", "VR R-1"], line: 70 },
      { task: "T-9", sourceRefs: ["AP L9"], line: 71 },
    ];
    expect(messages(lintPlan(planOfTasks(tasks, { traceability })))).toEqual([
      'Task "T-1" cites "AP L1", which the traceability index does not',
      'Task "T-2" is missing in the traceability index',
      'The traceability index cites "VR R-1" for task "T-1", which the task table does not',
      'The traceability index names "T-9", which is no task',
    ]);
    expect(short(lintPlan(planOfTasks(tasks, { traceability: null })))).toEqual(["PLAN_TRACEABILITY_MISMATCH:-"]);
  });

  it("finds the known defects of the governance plan (PLN-06, PLN-07, B-33)", (context) => {
    const text = seedText("000");
    if (text === null) return context.skip("the seeds do not stand beside the checkout");
    const plan = planOf(text, "000.md");
    expect(plan.tasks.map(({ id }) => id)).toEqual(expandIds("T-01..T-12"));
    const findings = lintPlan(plan);
    const inversions = findings.filter(({ code }) => code === "GATES_PLAN_PRIORITY_INVERSION");
    expect(messages(inversions)).toEqual(["T-04", "T-05", "T-06"].map((id) => `Task "T-08" is P0 and needs "${id}", which is only P1`));
    expect(messages(findings)).toContain('"R-001" is mapped to task "T-12", whose sources do not cite it');
    for (const id of expandIds("M-001..M-004")) expect(messages(findings)).toContain(`"${id}" is answered by no task: map it or cite it`);
    expect(messages(findings)).toContain('Task "T-01" cites "VR confirms R-006", which the traceability index does not');
    expect(findings.some(({ code }) => code === "GATES_PLAN_TASK_UNSCHEDULED" || code === "GATES_DEPENDENCY_CYCLE")).toBe(false);
  });

  it("finds the three tasks of the pipeline plan that nobody scheduled (PLN-07, B-33)", (context) => {
    const text = seedText("001");
    if (text === null) return context.skip("the seeds do not stand beside the checkout");
    const plan = planOf(text, "001.md");
    expect(plan.tasks).toHaveLength(25);
    const found = messages(lintPlan(plan));
    expect(found.filter((message) => message.endsWith("stands in no phase") && message.startsWith('Task "T-0'))).toEqual([
      'Task "T-007" stands in no phase',
      'Task "T-009" stands in no phase',
      'Task "T-010" stands in no phase',
      'Task "T-017" stands in phase "B" and needs "T-007", which stands in no phase',
    ]);
    expect(found).toContain("The plan has no traceability index of its tasks");
  });
});

describe("planOf()", () => {
  const document = (changes: Partial<PlanDocument>): PlanDocument => ({
    title: null,
    sections: [],
    tasks: [],
    phases: [],
    mappings: [],
    traceability: null,
    ...changes,
  });
  const itemsOf = (mappings: readonly (readonly [id: string, ...tasks: string[]])[], more: Partial<PlanOfOptions> = {}) =>
    readPlan(document({ mappings: mappings.map(([id, ...tasks], index) => ({ id, tasks, line: index + 1 })) }), {
      path: "p.md",
      ...more,
    }).items.map(({ id, tasks, isAcknowledged, line }) => [id, tasks, isAcknowledged, line]);

  it("takes each id that a line of the mapping names for an item, with the tasks of all its lines (PLN-06)", () => {
    expect(
      itemsOf([
        ["R-001, R-003..R-004", "T-1"],
        ["**R-005** (see T-9)", "T-2"],
        ["R-001: loss", "T-2", "T-1"],
        ["Verlust", "T-3"],
      ]),
    ).toEqual([
      ["R-001", ["T-1", "T-2"], false, 1],
      ["R-003", ["T-1"], false, 1],
      ["R-004", ["T-1"], false, 1],
      ["R-005", ["T-2"], false, 2],
      ["Verlust", ["T-3"], false, 4],
    ]);
  });

  it("adds what other documents name and no line maps, once (PLN-06)", () => {
    const more = { mustAnswer: ["R-001", "R-002", "R-002", "A-1"], acknowledged: ["A-1", "A-2"] };
    expect(itemsOf([["R-001", "T-1"]], more).slice(1)).toEqual([
      ["R-002", null, false, null],
      ["A-1", null, true, null],
      ["A-2", null, true, null],
    ]);
    const acknowledged = Array.from({ length: 20_000 }, (_, index) => `A-${String(index)}`);
    const took = stopwatch();
    expect(
      itemsOf(
        acknowledged.map((): [string, string] => ["R-001", "T-1"]),
        { acknowledged },
      ),
    ).toHaveLength(20_001);
    expect(took()).toBeLessThan(500);
  });

  it("takes each task that a line of the index names", () => {
    const traceability = [{ task: "**T-01**, T-03..T-04 (schema)", sourceRefs: ["SR R-001"], line: 7 }];
    expect(readPlan(document({ traceability }), { path: "p.md" }).traceability?.map(({ task, line }) => [task, line])).toEqual([
      ["T-01", 7],
      ["T-03", 7],
      ["T-04", 7],
    ]);
  });
});

describe("lintChecklist()", () => {
  const item = (id: string | null, changes: Partial<ChecklistItem> = {}): ChecklistItem => ({
    id,
    title: "work",
    isChecked: false,
    depth: 0,
    sourceRefs: ["AP L1"],
    line: 1,
    ...changes,
  });

  it("finds items without number, numbers used twice or under the wrong parent", () => {
    const items = [item("1.1"), item("1.1", { line: 2 }), item("2.1", { line: 3, depth: 1 }), item(null, { line: 4, depth: 2 })];
    expect(messages(lintChecklist({ path: "list.md", items }))).toEqual([
      'Item number "1.1" is used more than once',
      'Item "2.1" stands under "1.1": its number must begin with "1.1."',
      'Item "work" has no number',
    ]);
  });

  it("finds open items under a checked one, at any depth", () => {
    const items = [
      item("1", { isChecked: true }),
      item("1.1", { depth: 1, isChecked: true, line: 2 }),
      item("1.1.1", { depth: 2, line: 3 }),
      item("2", { line: 4 }),
    ];
    expect(short(lintChecklist({ path: "list.md", items }))).toEqual(["PLAN_ITEM_OPEN:3", "PLAN_ITEM_OPEN:3"]);
    const unnumbered = [item(null, { isChecked: true }), item(null, { depth: 1, line: 2 })];
    expect(messages(lintChecklist({ path: "list.md", items: unnumbered }))).toContain(
      'Item "work" is open, and "work" above it is checked',
    );
  });

  it("names the ten nearest checked items above an open one, however deep it is", () => {
    const chain = Array.from({ length: 3000 }, (_, depth) => item(null, { title: `c${String(depth)}`, depth, isChecked: true }));
    const open = Array.from({ length: 3000 }, () => item(null, { depth: 3000 }));
    const took = stopwatch();
    const findings = lintChecklist({ path: "list.md", items: [...chain, ...open, item("1"), item("1.1", { depth: 1 })] });
    expect(took()).toBeLessThan(1500);
    const above = findings.filter(({ code }) => code === "GATES_PLAN_ITEM_OPEN");
    expect(above).toHaveLength(30_000);
    expect(new Set(messages(above)).size).toBe(10);
    expect(above[0]?.message).toBe('Item "work" is open, and "c2990" above it is checked');
  });

  it("reads the phases of the checkbox plan, whose items name no source (PLN-05)", (context) => {
    const text = seedText("002");
    if (text === null) return context.skip("the seeds do not stand beside the checkout");
    const checklist = checklistOf(text, "002.md");
    expect(new Set(checklist.items.map(({ id }) => id?.split(".")[0]))).toEqual(new Set("12345678"));
    const findings = lintChecklist(checklist);
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(["GATES_PLAN_SOURCE_MISSING"]));
    expect(lintChecklist(checklist, { requireSources: false })).toEqual([]);
    expect(messages(findings)).not.toContain('Item "2.7" names no source: each needs at least one');
  });
});

describe("evaluatePhases()", () => {
  const facts = (changes: Partial<PhaseFacts> = {}): PhaseFacts => ({
    milestones: new Map(),
    gates: new Map(),
    checks: new Map(),
    approvals: new Set(),
    inputs: new Set(),
    ...changes,
  });
  const ids = (...tasks: readonly string[]) => new Map(tasks.flatMap(expandIds).map((id) => [id, ["complete"]]));

  it("lets phases 0 to 5 end one after the other as their tasks, gates and approvals come in (PLN-03, D-02)", () => {
    const begun = facts({ inputs: new Set(["action_plan", "summary_report", "validation_report", "owners"]) });
    const ended = (changes: Partial<PhaseFacts>) =>
      evaluatePhases(governancePhases, { ...begun, ...changes }).flatMap(({ id, mayEnd }) => (mayEnd ? [id] : []));
    const approvals = new Set(["phase_plan"]);
    const audit = new Map([["audit_gate", "PASS"]] as const);
    const verified = new Map([
      ["audit_gate", "PASS"],
      ["verification_gate", "WAIVED"],
    ] as const);
    expect(ended({})).toEqual([]);
    expect(ended({ approvals, milestones: ids("T-12") })).toEqual(["0"]);
    expect(ended({ approvals, milestones: ids("T-12", "T-01..T-02") })).toEqual(["0"]);
    expect(ended({ approvals, milestones: ids("T-12", "T-01..T-02"), gates: audit })).toEqual(["0", "1"]);
    expect(ended({ approvals, milestones: ids("T-12", "T-01..T-04"), gates: verified })).toEqual(["0", "1", "2"]);
    const checks = new Map([
      ["promotion_simulations", "PASS"],
      ["ci", "FAIL"],
    ] as const);
    expect(ended({ approvals, milestones: ids("T-01..T-12"), gates: verified, checks })).toEqual(["0", "1", "2", "3"]);
    const green = new Map(["promotion_simulations", "ci", "slo_drift_detection", "slo_mttr"].map((name) => [name, "PASS"] as const));
    expect(ended({ approvals, milestones: ids("T-01..T-12"), gates: verified, checks: green })).toEqual(["0", "1", "2", "3", "4", "5"]);
    expect(ended({ milestones: ids("T-01..T-12"), gates: verified, checks: green })).toEqual(["2", "3", "4", "5"]);
  });

  it("says of each criterion why it is not met (PLN-03, PLN-04)", () => {
    const problems = evaluatePhases(pipelinePhases, facts({ checks: new Map([["ci", "SKIPPED"]]) })).map(({ entrance, exit }) =>
      [...entrance, ...exit].map(({ problem }) => problem),
    );
    expect(problems[0]?.slice(0, 4)).toEqual([
      'input "repository" is missing',
      'input "stakeholders" is missing',
      "task T-001 is not complete",
      '"rbac_policy" is not approved',
    ]);
    expect(problems[1]).toEqual([
      "phase A has not ended",
      ...["T-015", "T-016", "T-017", "T-018", "T-019"].map((id) => `task ${id} is not complete`),
      'check "local" was not run',
      'check "ci" is SKIPPED',
    ]);
  });

  it("keeps what is defined early apart from what is adopted later (PLN-04, B-34)", () => {
    const defined = facts({ milestones: new Map([["T-006", ["defined"]]]) });
    const problems = evaluatePhases(pipelinePhases, defined).flatMap(({ exit }) => exit.map(({ problem }) => problem));
    expect(problems).not.toContain("task T-006 is not defined");
    expect(problems).toContain("task T-006 is not adopted");
  });

  it("refuses a phase that waits for one that does not come before", () => {
    const phase = { id: "A", title: "A", entrance: [{ kind: "phase" as const, id: "A" }], exit: [] };
    expect(() => evaluatePhases([phase], facts())).toThrow(RangeError);
  });

  it("refuses two phases with one id, of which the second would say that the first has ended", () => {
    const phase = { id: "A", title: "A", entrance: [], exit: [] };
    const open = { ...phase, exit: [{ kind: "input" as const, name: "report" }] };
    const twice = 'Cannot evaluate phases: phase "A" is given twice';
    expect(() => evaluatePhases([open, phase], facts())).toThrow(new RangeError(twice));
  });
});

describe("phaseFactsOf()", () => {
  const digest = digestBytes(Buffer.from("policy"));
  const policy = { id: "access", kind: "rbac_policy", path: "rbac_policy.yaml", status: "approved" as const, digest };
  const approval = { actor: "bob", role: "lead", purpose: "review", digest, isProven: true };
  const task = { id: "T-001", title: "One", effort_points: 1, priority: "P1", dependencies: [], owner: "ada" };
  const planned = (...tasks: readonly BacklogTask[]) => ({ version: "1", generated_at: "2026-01-01T00:00:00Z", tasks: [...tasks] });
  const known: KnownFacts = {
    plans: [],
    documents: [policy],
    approvals: [approval],
    authors: new Map([["rbac_policy.yaml", ["ada"]]]),
    gates: new Map(),
    checks: new Map(),
    inputs: ["repository"],
  };
  const factsWith = (changes: Partial<KnownFacts>) => phaseFactsOf({ ...known, ...changes });

  it("takes what tasks have reached from their status and milestones (PLN-03, PLN-04)", () => {
    const tasks = [
      { ...task, status: "Done" },
      { ...task, id: "T-006", status: "in_progress", milestones: ["defined", 7] },
      { ...task, id: "T-002", milestones: "adopted" },
    ];
    expect([...factsWith({ plans: [planned(...tasks)] }).milestones]).toEqual([
      ["T-001", ["complete"]],
      ["T-006", ["defined"]],
      ["T-002", []],
    ]);
  });

  it("counts of tasks that share an id only what all of them have reached, in whatever order (PLN-03)", () => {
    const [done, open] = [
      planned({ ...task, status: "done", milestones: ["defined"] }),
      planned({ ...task, status: "open", milestones: ["defined"] }),
    ];
    for (const plans of [
      [done, open],
      [open, done],
    ])
      expect([...factsWith({ plans }).milestones]).toEqual([["T-001", ["defined"]]]);
  });

  it("reads a half-filled plan: what is no task has neither owner nor milestone (PLN-03)", () => {
    const half = (tasks: unknown) => factsWith({ plans: [{ ...planned(), tasks } as never] });
    for (const tasks of [null, undefined, "T-001", [null], ["T-001"], [{ id: 7, owner: 7, status: 3 }]]) {
      expect(half(tasks).milestones.size).toBe(0);
      expect(half(tasks).inputs.has("owners")).toBe(false);
    }
    const mixed = half([{ ...task, status: "done" }, null]);
    expect([[...mixed.milestones], mixed.inputs.has("owners")]).toEqual([[["T-001", ["complete"]]], false]);
  });

  it("takes for approved what says so and was approved by somebody else, as it stands (PLN-04)", () => {
    expect([...factsWith({}).approvals]).toEqual(["access", "rbac_policy"]);
    expect(factsWith({ approvals: [] }).approvals.size).toBe(0);
    expect(factsWith({ documents: [{ ...policy, status: "review" }] }).approvals.size).toBe(0);
    expect(factsWith({ authors: new Map([["rbac_policy.yaml", ["bob"]]]) }).approvals.size).toBe(0);
    expect(factsWith({ authors: new Map() }).approvals.size).toBe(2);
  });

  it("knows documents, what was named and owners of all tasks as inputs (PLN-03)", () => {
    const inputs = (plans: KnownFacts["plans"]) => [...factsWith({ plans }).inputs];
    expect(inputs([])).toEqual(["access", "rbac_policy", "repository"]);
    expect(inputs([planned(task)])).toContain("owners");
    expect(inputs([planned(task, { ...task, id: "T-2", owner: undefined })])).not.toContain("owners");
  });
});

describe("plan_consistency", () => {
  const run = (config: Readonly<Record<string, unknown>>, plans: { readonly documents: readonly Plan[]; readonly checklists?: [] }) =>
    builtInValidators
      .get("plan_consistency")
      ?.evaluate({ type: "plan_consistency", ...config }, evidenceOf({ plans: { checklists: [], ...plans } }));

  it("lints every plan, and never passes without one (GAT-04)", () => {
    const sound = planOfTasks([planTask("T-1")]);
    expect(run({}, { documents: [sound] })?.outcome).toBe("PASS");
    expect(run({ require: ["slo"] }, { documents: [sound] })?.findings.map(({ code }) => code)).toEqual(["GATES_PLAN_FIELD_MISSING"]);
    expect(run({}, { documents: [] })?.findings[0]?.code).toBe("GATES_EVIDENCE_EMPTY");
    expect(run({ require: ["colour"] }, { documents: [sound] })?.outcome).toBe("ERROR");
    const list = { path: "list.md", items: [{ id: null, title: "x", isChecked: false, depth: 0, sourceRefs: ["a"], line: 1 }] };
    const evidence = evidenceOf({ plans: { documents: [], checklists: [list] } });
    expect(builtInValidators.get("plan_consistency")?.evaluate({ type: "plan_consistency" }, evidence).outcome).toBe("FAIL");
  });
});
