import { type Evidence, type EvidenceValues } from "@gov/gates";
import { builtInValidators, criticalViolations } from "@gov/gates/validators";
import type { Finding, Reference } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { artifact, contract, evidenceOf, soundValues, story, task } from "./evidence-fixture.ts";

/** Runs one validator on sound evidence with some parts changed: its outcome, then each finding as `code path:line message`. */
function run(
  config: { readonly type: string; readonly [option: string]: unknown },
  changes: Partial<EvidenceValues> = {},
): readonly string[] {
  const { outcome, findings } = verdict(config, evidenceOf({ ...soundValues, ...changes }));
  return [outcome, ...findings.map(({ code, path, line, message }) => `${code} ${path ?? "-"}:${line ?? "-"} ${message}`)];
}

function verdict(config: { readonly type: string; readonly [option: string]: unknown }, evidence: Evidence) {
  const validator = builtInValidators.get(config.type);
  if (validator === undefined) throw new Error(`there is no ${config.type}`);
  return validator.evaluate(config, evidence);
}

const codes = (lines: readonly string[]) => lines.map((line) => line.split(" ")[0]);
const finding = (severity: Finding["severity"]): Finding => ({
  code: "SCHEMA_INVALID",
  severity,
  message: "Wrong",
  path: "a.md",
  line: 3,
  column: 1,
});

describe("json_schema", () => {
  it("passes when every document was validated and has no error (GAT-06, GAT-14)", () => {
    expect(run({ type: "json_schema" })).toEqual(["PASS"]);
    expect(run({ type: "json_schema" }, { artifacts: [artifact("a", { findings: [finding("warning")] })] })[0]).toBe("PASS");
  });

  it("fails with the schema's findings at their place (GAT-06)", () => {
    expect(run({ type: "json_schema" }, { artifacts: [artifact("a", { findings: [finding("error")] })] })).toEqual([
      "FAIL",
      "SCHEMA_INVALID a.md:3 Wrong",
    ]);
  });

  it("fails without a document, and for one that no schema was found for", () => {
    expect(run({ type: "json_schema" }, { artifacts: [] })).toEqual([
      "FAIL",
      "GATES_EVIDENCE_EMPTY -:- Cannot check schemas: there is no document",
    ]);
    expect(run({ type: "json_schema" }, { artifacts: [artifact("a", { schema: null })] })).toEqual([
      "FAIL",
      'GATES_EVIDENCE_MISSING a.md:- "a.md" of kind "plan" was validated against no schema',
    ]);
  });

  it("asks for a named schema when told to (GAT-06)", () => {
    const artifacts = [
      artifact("a", { schema: "other", findings: [finding("error")] }),
      artifact("b", { schema: "planning_schema_v1.json" }),
    ];
    expect(run({ type: "json_schema", schema: "planning_schema_v1.json" }, { artifacts })).toEqual(["PASS"]);
    expect(codes(run({ type: "json_schema", schema: "missing.json" }, { artifacts }))).toEqual(["FAIL", "GATES_EVIDENCE_EMPTY"]);
    expect(codes(run({ type: "json_schema", schema: 1 }))).toEqual(["ERROR", "GATES_CONFIG_INVALID"]);
  });
});

describe("references", () => {
  const refer = (target: string, changes: Partial<Reference> = {}): Reference => ({
    target,
    by: "id",
    kinds: [],
    line: 4,
    column: 7,
    ...changes,
  });
  const referring = (reference: Reference, path = "plans/a.md") =>
    run({ type: "references" }, { artifacts: [artifact("a", { path, references: [reference] }), artifact("b", { path: "docs/b/b.md" })] });

  it("resolves ids among documents, catalog, tasks and stories, of the right kind (GAT-14)", () => {
    for (const target of ["b", "A", "SM-1"]) expect(referring(refer(target))).toEqual(["PASS"]);
    expect(referring(refer("b", { kinds: ["plan"] }))).toEqual(["PASS"]);
    expect(codes(referring(refer("b", { kinds: ["note"] })))).toEqual(["FAIL", "GATES_REFERENCE_DANGLING"]);
    const catalog = [{ id: "far", kind: "plan", path: "far/away.md" }];
    expect(
      run(
        { type: "references" },
        { catalog, artifacts: [artifact("a", { references: [refer("far"), refer("/far/away.md", { by: "path" })] })] },
      ),
    ).toEqual(["PASS"]);
  });

  it("reports a dangling reference at its place (GAT-14)", () => {
    expect(referring(refer("nowhere"))).toEqual([
      "FAIL",
      'GATES_REFERENCE_DANGLING plans/a.md:4 "plans/a.md" refers to "nowhere", which leads nowhere',
    ]);
    const evidence = evidenceOf({ ...soundValues, artifacts: [artifact("a", { references: [refer("nowhere")] })] });
    expect(verdict({ type: "references" }, evidence).findings[0]?.column).toBe(7);
  });

  it.each(["docs/b/b.md", "/docs/b/b.md", "../docs/b/b.md", "./a.md#part", "docs/b/", "/docs", "#part"])(
    "resolves the path %s",
    (target) => {
      expect(referring(refer(target, { by: "path" }))).toEqual(["PASS"]);
    },
  );

  it.each(["b.md", "/b.md", "../../b.md", "../../../docs/b/b.md", "docs/b/c.md"])("does not resolve the path %s", (target) => {
    expect(codes(referring(refer(target, { by: "path" })))).toEqual(["FAIL", "GATES_REFERENCE_DANGLING"]);
  });

  it("reports ids that are used twice, at each use (GAT-14)", () => {
    const twice = [artifact("a"), artifact("a", { path: "z.md" }), artifact("a", { path: "new.md", version: "2.0.0" })];
    expect(run({ type: "references" }, { artifacts: twice })).toEqual([
      "FAIL",
      'GATES_ID_DUPLICATE a.md:- Id "a" of version "1.0.0" is used by several documents',
      'GATES_ID_DUPLICATE z.md:- Id "a" of version "1.0.0" is used by several documents',
    ]);
    const bare = [artifact("a", { version: null }), artifact("a", { version: null, path: "z.md" })];
    expect(run({ type: "references" }, { artifacts: bare })[1]).toContain('Id "a" of version none');
    expect(run({ type: "references" }, { backlog: [task("A"), task("A", { line: 5 })] })).toEqual([
      "FAIL",
      'GATES_ID_DUPLICATE be_backlog.yaml:1 Task id "A" is used more than once',
      'GATES_ID_DUPLICATE be_backlog.yaml:5 Task id "A" is used more than once',
    ]);
  });

  it("reports a task that depends on what is neither a task nor a contract (GAT-14)", () => {
    expect(run({ type: "references" }, { backlog: [task("A", { dependencies: ["C-1", "Z"], line: 8 })] })).toEqual([
      "FAIL",
      'GATES_REFERENCE_DANGLING be_backlog.yaml:8 Task "A" depends on "Z", which is no task and no contract',
    ]);
  });
});

describe("dependency_graph", () => {
  const chain = (length: number) =>
    Array.from({ length }, (_, index) => task(`T${index}`, { dependencies: index === 0 ? [] : [`T${index - 1}`], line: index + 1 }));

  it("names a cycle from its first task around (GAT-09, GAT-15)", () => {
    expect(
      run({ type: "dependency_graph" }, { backlog: [task("B", { dependencies: ["A"] }), task("A", { dependencies: ["B"], line: 2 })] }),
    ).toEqual(["FAIL", "GATES_DEPENDENCY_CYCLE be_backlog.yaml:2 Tasks depend on each other: A → B → A"]);
    expect(run({ type: "dependency_graph" }, { backlog: [task("A", { dependencies: ["A"] })] })[1]).toContain("A → A");
  });

  it("names every separate cycle, and none where tasks merely share dependencies", () => {
    const backlog = [
      task("A", { dependencies: ["B", "C"] }),
      task("B", { dependencies: ["C"] }),
      task("C"),
      task("D", { dependencies: ["E"] }),
      task("E", { dependencies: ["D", "C"] }),
      task("F", { dependencies: ["F"] }),
    ];
    expect(run({ type: "dependency_graph" }, { backlog }).map((line) => line.split(": ")[1])).toEqual([undefined, "D → E → D", "F → F"]);
  });

  it("names every knot, and no more cycles of a large one than somebody can read (GAT-09)", () => {
    const size = 3000;
    const ring = Array.from({ length: size }, (_, index) => task(`R${index}`, { dependencies: ["R0", `R${(index + 1) % size}`] }));
    const pair = [task("X", { dependencies: ["Y"] }), task("Y", { dependencies: ["X"] })];
    const [outcome, ...lines] = run({ type: "dependency_graph" }, { backlog: [...ring, ...pair] });
    expect(outcome).toBe("FAIL");
    expect(lines.some((line) => line.endsWith("X → Y → X"))).toBe(true);
    expect(lines.some((line) => line.endsWith("R0 → R0"))).toBe(true);
    expect(lines.join("").length).toBeLessThan(200_000);
  });

  it("passes a chain of exactly max_depth steps, and reports a longer one by its last task (GAT-09)", () => {
    expect(run({ type: "dependency_graph", max_depth: 5 }, { backlog: chain(6) })).toEqual(["PASS"]);
    expect(run({ type: "dependency_graph", max_depth: 5 }, { backlog: chain(7) })).toEqual([
      "FAIL",
      'GATES_DEPENDENCY_DEPTH be_backlog.yaml:7 Task "T6" stands on a chain of 6 dependencies: at most 5 are allowed',
    ]);
    expect(run({ type: "dependency_graph" }, { backlog: chain(20_000) })).toEqual(["PASS"]);
  });

  it("refuses a max_depth that is none, and reports dangling dependencies", () => {
    for (const max_depth of ["5", -1, Number.NaN, null])
      expect(codes(run({ type: "dependency_graph", max_depth }))).toEqual(["ERROR", "GATES_CONFIG_INVALID"]);
    expect(codes(run({ type: "dependency_graph" }, { backlog: [task("A", { dependencies: ["Z"] })] }))).toEqual([
      "FAIL",
      "GATES_REFERENCE_DANGLING",
    ]);
  });
});

describe("contracts", () => {
  it("passes what is satisfied or stubbed, and what owes nothing (GAT-15, D-09)", () => {
    expect(run({ type: "contracts" })).toEqual(["PASS"]);
    expect(run({ type: "contracts" }, { contracts: [] })).toEqual(["PASS"]);
  });

  it("fails what is open or nobody's, at its place (GAT-15)", () => {
    expect(
      run(
        { type: "contracts" },
        { contracts: [contract("C-1", { state: "open", owner: null, line: 6 }), contract("C-2", { owner: " " })] },
      ),
    ).toEqual([
      "FAIL",
      'GATES_CONTRACT_OPEN dependency_contracts.yaml:6 Contract "C-1" is open: it must be satisfied or stubbed',
      'GATES_CONTRACT_OWNER_MISSING dependency_contracts.yaml:6 Contract "C-1" has no owner',
      'GATES_CONTRACT_OWNER_MISSING dependency_contracts.yaml:1 Contract "C-2" has no owner',
    ]);
    const unknown = contract("C-1", { state: "probably" as "open" });
    expect(codes(run({ type: "contracts" }, { contracts: [unknown] }))).toEqual(["FAIL", "GATES_CONTRACT_OPEN"]);
  });
});

describe("story_parity", () => {
  it("lists the story when its backlog item is deleted (GAT-16)", () => {
    expect(run({ type: "story_parity" })).toEqual(["PASS"]);
    const backlog = soundValues.backlog.filter(({ id }) => id !== "B");
    expect(run({ type: "story_parity" }, { backlog })).toEqual([
      "FAIL",
      'GATES_STORY_WITHOUT_TASK story_map.md:1 Story "SM-2" (story SM-2) has no task',
    ]);
  });

  it("reports a link that leads to no node of the map (GAT-16)", () => {
    const backlog = [...soundValues.backlog, task("C", { storyNodes: ["SM-9", "SM-0"], line: 12 })];
    expect(run({ type: "story_parity" }, { backlog })).toEqual([
      "FAIL",
      'GATES_STORY_UNKNOWN be_backlog.yaml:12 Task "C" links to "SM-9", which the story map does not have',
    ]);
  });

  it("counts the sections it is told to, and never passes on none", () => {
    expect(codes(run({ type: "story_parity", sections: ["backbone"] }))).toEqual(["FAIL", "GATES_STORY_WITHOUT_TASK"]);
    expect(codes(run({ type: "story_parity" }, { storyMap: [story("SM-0", { section: "backbone" })], backlog: [] }))).toEqual([
      "FAIL",
      "GATES_EVIDENCE_EMPTY",
    ]);
    for (const sections of ["release", [], ["epic"]])
      expect(codes(run({ type: "story_parity", sections }))).toEqual(["ERROR", "GATES_CONFIG_INVALID"]);
  });
});

describe("coverage_analyzer", () => {
  const coverage = (lines: number, branches = 0) => ({ coverage: { lines, branches, path: "coverage.json" } });

  it("fails 79.9 and passes 80 (GAT-12)", () => {
    expect(run({ type: "coverage_analyzer", minimum: 80 }, coverage(79.9))).toEqual([
      "FAIL",
      "GATES_COVERAGE_LOW coverage.json:- Coverage of lines is 79.9 %: at least 80 % are required",
    ]);
    expect(run({ type: "coverage_analyzer", minimum: 80 }, coverage(80))).toEqual(["PASS"]);
    expect(run({ type: "coverage_analyzer" }, coverage(79.9))[0]).toBe("FAIL");
  });

  it("measures branches when told to", () => {
    expect(run({ type: "coverage_analyzer", metric: "branches", minimum: 60 }, coverage(0, 60))).toEqual(["PASS"]);
    expect(run({ type: "coverage_analyzer", metric: "branches" }, coverage(100, 60))[0]).toBe("FAIL");
  });

  it("errs on numbers that are no percentages, and on options it does not understand", () => {
    for (const lines of [Number.NaN, -1, 101, "90" as unknown as number])
      expect(run({ type: "coverage_analyzer" }, coverage(lines))[0]).toBe("ERROR");
    for (const minimum of ["80", 101, null]) expect(run({ type: "coverage_analyzer", minimum })[0]).toBe("ERROR");
    expect(run({ type: "coverage_analyzer", metric: "functions" })[0]).toBe("ERROR");
  });

  const file = (path: string, covered: number, total = 100) => ({
    path,
    lines: { covered, total, percent: (covered / total) * 100 },
    branches: { covered: 0, total: 0, percent: 100 },
  });
  const measured = (files: readonly ReturnType<typeof file>[], lines = 90) => ({ lines, branches: 90, path: "coverage.xml", files });

  it("holds each module to its own floor, and fails one that the report does not name (QAC-01)", () => {
    const modules = { "packages/a": 90, "packages/b": 90, "packages/c": 0 };
    const files = [file("packages/a/x.ts", 89), file("packages/a/y.ts", 91), file("packages/b/x.ts", 89), file("packages/bb/x.ts", 100)];
    expect(run({ type: "coverage_analyzer", modules }, { coverage: measured(files) })).toEqual([
      "FAIL",
      'GATES_COVERAGE_LOW coverage.xml:- Coverage of lines of "packages/b" is 89 %: at least 90 % are required',
      'GATES_COVERAGE_LOW coverage.xml:- Coverage of "packages/c" is unknown: the report names no file of it',
    ]);
    expect(run({ type: "coverage_analyzer", modules: { "packages/a": 90 } }, { coverage: measured(files) })).toEqual(["PASS"]);
    for (const wrong of [[], "packages/a", { "packages/a": "90" }])
      expect(run({ type: "coverage_analyzer", modules: wrong }, { coverage: measured(files) })[0]).toBe("ERROR");
  });

  it("fails when the whole or a module falls by more than is allowed, and cannot pass without a baseline (QAC-01)", () => {
    const config = { type: "coverage_analyzer", max_drop: 2, modules: { "packages/a": 0 } };
    const before = measured([file("packages/a/x.ts", 97)], 95);
    const now = (lines: number, covered: number) => ({
      coverage: { ...measured([file("packages/a/x.ts", covered)], lines), baseline: before },
    });
    expect(run(config, now(93, 95))).toEqual(["PASS"]);
    expect(run(config, now(92.9, 94))).toEqual([
      "FAIL",
      "GATES_COVERAGE_LOW coverage.xml:- Coverage of lines fell from 95 % to 92.9 %: at most 2 percentage points are allowed",
      'GATES_COVERAGE_LOW coverage.xml:- Coverage of lines of "packages/a" fell from 97 % to 94 %: at most 2 percentage points are allowed',
    ]);
    expect(run(config, { coverage: measured([file("packages/a/x.ts", 97)]) })[0]).toBe("ERROR");
    expect(run({ ...config, max_drop: -1 }, now(95, 97))[0]).toBe("ERROR");
  });

  it("takes no module for one that did not fall where nothing tells what it was (QAC-01)", () => {
    const config = { type: "coverage_analyzer", max_drop: 2, modules: { "packages/a": 0 } };
    const now = { ...measured([file("packages/a/x.ts", 10)], 95), baseline: measured([file("packages/b/x.ts", 97)], 95) };
    const { files: _files, ...bare } = now.baseline;
    expect(run(config, { coverage: { ...now, baseline: bare } })[0]).toBe("ERROR");
    expect(run(config, { coverage: { ...now, baseline: { ...bare, files: [] } } })[0]).toBe("ERROR");
    expect(run({ type: "coverage_analyzer", max_drop: 2 }, { coverage: { ...now, baseline: bare } })).toEqual(["PASS"]);
    expect(run(config, { coverage: now })).toEqual(["PASS"]);
    const broken = file("packages/a/y.ts", Number.NaN);
    expect(run(config, { coverage: { ...now, baseline: measured([broken], 95) } })[0]).toBe("FAIL");
    expect(run(config, { coverage: { ...now, files: [file("packages/a/x.ts", 1000)] } })[0]).toBe("FAIL");
    expect(
      run({ ...config, modules: {}, max_drop: 0.1 }, { coverage: { ...now, lines: 90.2, baseline: { ...bare, lines: 90.3 } } }),
    ).toEqual(["PASS"]);
  });
});

describe("critical_zero", () => {
  const critical = (changes: Parameters<typeof task>[1]) => ({
    backlog: [task("A", { tags: [{ key: "Critical", value: null }], line: 4, ...changes })],
  });

  it("fails for one open critical issue (GOV-06)", () => {
    expect(run({ type: "critical_zero" })).toEqual(["PASS"]);
    const criticalIssues = [{ id: "SEC-1", title: "Key in log", path: "issues.yaml", line: 2 }];
    const expected = ["FAIL", 'GATES_CRITICAL_ISSUE_OPEN issues.yaml:2 Critical issue "SEC-1" is open: Key in log'];
    expect(run({ type: "critical_zero", source: "issues" }, { criticalIssues })).toEqual(expected);
    expect(run({ type: "critical_zero" }, { criticalIssues })).toEqual(expected);
    expect(run({ type: "critical_zero", source: "violations" }, { criticalIssues })).toEqual(["PASS"]);
  });

  it("fails for a critical task without owner or acceptance criteria (GOV-07)", () => {
    expect(run({ type: "critical_zero", source: "violations" }, critical({ owner: null, acceptanceCriteria: [" "] }))).toEqual([
      "FAIL",
      'GATES_CRITICAL_OWNER_MISSING be_backlog.yaml:4 Critical task "A" has no owner',
      'GATES_CRITICAL_CRITERIA_MISSING be_backlog.yaml:4 Critical task "A" has no acceptance criteria',
    ]);
    expect(run({ type: "critical_zero", source: "issues" }, critical({ owner: null }))).toEqual(["PASS"]);
  });

  it("fails for a contract that fails (GOV-07)", () => {
    expect(codes(run({ type: "critical_zero", source: "violations" }, { contracts: [contract("C", { state: "open" })] }))).toEqual([
      "FAIL",
      "GATES_CONTRACT_OPEN",
    ]);
  });

  it("knows critical items by their tag, in any spelling, and never by priority", () => {
    const failsFor = (key: string, value: string | null) =>
      run({ type: "critical_zero" }, critical({ owner: null, tags: [{ key, value }] }))[0] === "FAIL";
    expect([
      failsFor("critical", null),
      failsFor("CRITICAL", "yes"),
      failsFor("criticality", "0"),
      failsFor("Criticality", "Critical"),
    ]).toEqual([true, true, true, true]);
    expect([
      failsFor("Critical", "no"),
      failsFor("critical", "False"),
      failsFor("criticality", "2"),
      failsFor("Priority", "P0"),
      failsFor("criticality", null),
    ]).toEqual([false, false, false, false, false]);
  });

  it("counts violations for a manifest (GOV-07)", () => {
    expect(criticalViolations(evidenceOf({ ...soundValues, ...critical({ owner: null, acceptanceCriteria: [] }) }))).toHaveLength(2);
    expect(criticalViolations(evidenceOf({}))).toEqual([]);
  });

  it("errs on a source that is none: the third meaning is a governance rule", () => {
    expect(codes(run({ type: "critical_zero", source: "tag" }))).toEqual(["ERROR", "GATES_CONFIG_INVALID"]);
  });
});
