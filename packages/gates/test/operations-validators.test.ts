import { evaluateGates, type EvidenceValues } from "@gov/gates";
import { roleOrderProblem } from "@gov/gates/validators";
import { digestBytes } from "@gov/schema/canonical";
import { presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";
import { artifact, evidenceOf } from "./evidence-fixture.ts";

type Config = Readonly<Record<string, unknown>>;

/** Runs one validator: its outcome, then each message with its line. */
function run(type: string, values: Partial<EvidenceValues>, config: Config = {}): readonly string[] {
  const gates = { g: { triggers: [], validators: [{ type, ...config }] } };
  const report = evaluateGates(evidenceOf(values), gates);
  return [report.outcome, ...report.findings.map(({ message, line }) => (line === null ? message : `${line}: ${message}`))];
}

const digest = digestBytes(Buffer.from("page"));
const other = digestBytes(Buffer.from("another page"));

describe("yaml_lint", () => {
  const lint = (text: string, config: Config = {}) => run("yaml_lint", { texts: [{ path: "a.yaml", text }] }, config);

  it("names each line that is not written as everywhere else (GAT-07)", () => {
    expect(lint("a:\n  - b: 1\n", { config: "strict_mode.yaml" })).toEqual(["PASS"]);
    expect(lint("\uFEFFa: 1 \r\n\tb: 2\n   c: 3\n\n")).toEqual([
      "FAIL",
      "1: The line ends with CRLF",
      "1: The line ends with space",
      "1: The text begins with a byte order mark",
      "2: The indent has a tab",
      "3: The indent is 3: expected steps of 2",
      "5: The text must end with exactly one newline",
    ]);
    expect(lint("a: 1")[1]).toBe("1: The text must end with exactly one newline");
    expect(lint("")[0]).toBe("FAIL");
    expect(lint("abcdef: 1\n", { max_line_length: 5 })[1]).toBe("1: The line has 9 characters: at most 5 are allowed");
  });

  it("leaves the text of block scalars alone", () => {
    expect(lint("a: |\n     odd\n\n   text\nb: >-\n   x\n")).toEqual(["PASS"]);
    expect(lint("a: |\n     odd\n b: 1\n")[0]).toBe("PASS");
    expect(lint("a: |\n     odd\nb:\n c: 1\n")).toEqual(["FAIL", "4: The indent is 1: expected steps of 2"]);
  });

  it("refuses rules it does not know, and empty evidence", () => {
    for (const config of [{ config: "lax.yaml" }, { indent: 0 }, { indent: 1.5 }, { max_line_length: "long" }])
      expect(lint("a: 1\n", config)[0]).toBe("ERROR");
    expect(run("yaml_lint", { texts: [] })[0]).toBe("FAIL");
  });
});

describe("timeline_checker", () => {
  const item = (id: string, start: string, end: string, changes: Partial<EvidenceValues["schedule"]["items"][number]> = {}) => ({
    id,
    start,
    end,
    owner: null,
    dependencies: [],
    path: "plan.yaml",
    line: 1,
    ...changes,
  });
  const check = (items: EvidenceValues["schedule"]["items"], config: Config = {}, from = "2026-01-01") =>
    run("timeline_checker", { schedule: { from, items } }, config);

  it("fails when one person works on two things at once (GAT-10)", () => {
    const own = { owner: "ada" };
    expect(check([item("A", "2026-01-01", "2026-01-05", own), item("B", "2026-01-06", "2026-01-09", own)])).toEqual(["PASS"]);
    expect(
      check([
        item("B", "2026-01-05", "2026-01-09", own),
        item("A", "2026-01-01", "2026-01-05", own),
        item("C", "2026-01-02", "2026-01-03", { owner: "bob" }),
      ]),
    ).toEqual(["FAIL", '1: "ada" works on "B" from 2026-01-05 and on "A" until 2026-01-05']);
    const long = [
      item("A", "2026-01-01", "2026-01-20", own),
      item("B", "2026-01-02", "2026-01-03", own),
      item("C", "2026-01-10", "2026-01-11", own),
    ];
    expect(check(long)).toHaveLength(3);
  });

  it("fails for work that begins before what it needs has ended, or beyond the horizon (GAT-10)", () => {
    expect(check([item("A", "2026-01-01", "2026-01-05"), item("B", "2026-01-05", "2026-01-09", { dependencies: ["A", "Z"] })])).toEqual([
      "FAIL",
      '1: "B" begins on 2026-01-05, and "A" that it depends on ends on 2026-01-05',
      '1: "B" depends on "Z", which is not scheduled',
    ]);
    expect(check([item("A", "2026-01-01", "2026-04-01")])).toEqual(["PASS"]);
    expect(check([item("A", "2026-01-01", "2026-04-02")])).toEqual(["FAIL", '1: "A" ends on 2026-04-02: the plan reaches 90 days']);
    expect(check([item("A", "2026-01-01", "2026-01-09")], { horizon_days: 7 })[0]).toBe("FAIL");
    expect(check([item("A", "2025-12-31", "2025-12-30")])).toHaveLength(3);
  });

  it("takes a date for its whole day beside a date with a time (GAT-10)", () => {
    const after = (start: string, end = "2026-01-09") =>
      check([item("A", "2026-01-01", "2026-01-05"), item("B", start, end, { dependencies: ["A"] })]);
    expect(after("2026-01-05T12:00:00Z")[0]).toBe("FAIL");
    expect(after("2026-01-06T00:00:00Z")).toEqual(["PASS"]);
    const own = { owner: "ada" };
    expect(check([item("A", "2026-01-01", "2026-01-05", own), item("B", "2026-01-05T09:00:00Z", "2026-01-06", own)])[0]).toBe("FAIL");
    expect(check([item("A", "2026-01-01T09:00:00Z", "2026-01-01")])).toEqual(["PASS"]);
    expect(check([item("A", "2026-01-01", "2026-01-02")], {}, "2026-01-01T08:00:00Z")).toEqual(["PASS"]);
    expect(check([item("A", "2026-01-01", "2026-04-01T12:00:00Z")])).toEqual(["PASS"]);
    expect(check([item("A", "2026-01-01", "2026-04-02T00:00:00Z")])[0]).toBe("FAIL");
  });

  it("waits for the last of what has one id, and for what has no date for ever (GAT-10)", () => {
    const needs = item("B", "2026-01-04", "2026-01-05", { dependencies: ["A", "A"] });
    expect(check([item("A", "2026-01-01", "2026-01-02"), item("A", "2026-01-01", "2026-01-06"), needs])).toHaveLength(2);
    expect(check([item("A", "2026-01-01", "2026-01-06"), item("A", "2026-01-01", "soon"), needs])).toHaveLength(3);
  });

  it("never passes on dates it cannot read", () => {
    expect(check([item("A", "2026-02-30", "2026-03-01")])).toEqual(["FAIL", '1: "A" has no dates that can be read']);
    expect(check([item("A", "2026-01-01", "2026-01-02")], {}, "soon")[0]).toBe("ERROR");
    expect(check([item("A", "2026-01-01", "2026-01-02")], { horizon_days: "90" })[0]).toBe("ERROR");
    expect(check([])[0]).toBe("FAIL");
  });
});

describe("resource_validator", () => {
  const capacity = {
    model: "team_capacity.yaml",
    available: [{ owner: "ada", points: 5 }],
    assigned: [
      { task: "A", owner: "ada", points: 3 },
      { task: "B", owner: "ada", points: 2 },
    ],
    path: null,
  };

  it("fails for more work than fits, and for people nobody knows, by the model it is told (GAT-11, ART-19)", () => {
    expect(run("resource_validator", { capacity }, { capacity_model: "team_capacity.yaml" })).toEqual(["PASS"]);
    const assigned = [...capacity.assigned, { task: "C", owner: "ada", points: 1 }, { task: "D", owner: "bob", points: 0 }];
    expect(run("resource_validator", { capacity: { ...capacity, assigned } })).toEqual([
      "FAIL",
      '"ada" was given 6 points (A, B, C): at most 5 fit',
      '"bob" was given D, and is not in the model',
    ]);
    expect(run("resource_validator", { capacity }, { max_load: 80 })[0]).toBe("FAIL");
    const tenths = [0.1, 0.2].map((points) => ({ task: String(points), owner: "ada", points }));
    const small = { ...capacity, available: [{ owner: "ada", points: 0.3 }], assigned: tenths };
    expect(run("resource_validator", { capacity: small })).toEqual(["PASS"]);
    expect(run("resource_validator", { capacity: { ...small, available: [{ owner: "ada", points: 0.29 }] } })[0]).toBe("FAIL");
    expect(run("resource_validator", { capacity }, { capacity_model: "other.yaml" })[0]).toBe("ERROR");
    expect(run("resource_validator", { capacity }, { max_load: -1 })[0]).toBe("ERROR");
    expect(run("resource_validator", { capacity: { ...capacity, available: [] } })[0]).toBe("FAIL");
    expect(run("resource_validator", { capacity: { ...capacity, available: [{ owner: "ada", points: Number.NaN }] } })[0]).toBe("ERROR");
  });
});

describe("docs_freshness", () => {
  const docs = (hours: number, documentedAt: string | null = null) => {
    const asOf = new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000).toISOString();
    return { docs: { asOf, pages: [{ path: "docs/api.md", changedAt: "2026-01-01T00:00:00Z", documentedAt }] } };
  };

  it("passes until 48 h, warns until 72 h, blocks after (GOV-19)", () => {
    expect(run("docs_freshness", docs(48))).toEqual(["PASS"]);
    expect(run("docs_freshness", docs(49))).toEqual(["PASS", '"docs/api.md" is 49 h behind the interface it documents']);
    expect(run("docs_freshness", docs(72))[0]).toBe("PASS");
    expect(run("docs_freshness", docs(72.1))[0]).toBe("FAIL");
    expect(run("docs_freshness", docs(500, "2026-01-01T00:00:00Z"))).toEqual(["PASS"]);
    expect(run("docs_freshness", docs(500, "2025-12-31T00:00:00+08:00"))[0]).toBe("FAIL");
    expect(run("docs_freshness", docs(30), { warn_hours: 1, block_hours: 2 })[0]).toBe("FAIL");
  });

  it("passes neither without a page nor on a time that is yet to come (GOV-19)", () => {
    const page = { path: "docs/api.md", changedAt: "2026-01-01T00:00:00Z", documentedAt: null };
    const at = (pages: EvidenceValues["docs"]["pages"], asOf = "2026-01-01T10:00:00Z") => run("docs_freshness", { docs: { asOf, pages } });
    expect(at([])).toEqual(["FAIL", "Cannot judge documentation: there is no page"]);
    expect(at([{ ...page, changedAt: "2099-01-01T00:00:00Z" }])).toEqual([
      "FAIL",
      '"docs/api.md" gives a time after that of the judgement, 2026-01-01T10:00:00Z',
    ]);
    expect(at([{ ...page, documentedAt: "2099-01-01T00:00:00Z" }])[0]).toBe("FAIL");
    expect(at([{ ...page, changedAt: "2026-01-01T10:00:00Z" }])).toEqual(["PASS"]);
    expect(at([{ ...page, changedAt: "2026-01-01T10:00:00Z" }], "2026-01-01")).toEqual(["PASS"]);
  });

  it("fails on times it cannot read, and errs on options", () => {
    expect(run("docs_freshness", docs(1, "yesterday"))[0]).toBe("FAIL");
    expect(run("docs_freshness", { docs: { asOf: "now", pages: [] } })[0]).toBe("ERROR");
    expect(run("docs_freshness", docs(1), { warn_hours: 73 })[0]).toBe("ERROR");
  });
});

describe("provenance", () => {
  it("asks where each page came from, byte for byte (GOV-20)", () => {
    const page = { path: "docs/a.md", source: "abc123", expected: digest, actual: digest };
    expect(run("provenance", { provenance: [page] })).toEqual(["PASS"]);
    expect(
      run("provenance", {
        provenance: [
          { ...page, source: " ", expected: null },
          { ...page, path: "docs/b.md", actual: other },
        ],
      }),
    ).toEqual([
      "FAIL",
      '"docs/a.md" does not say what it was made from',
      '"docs/a.md" has no digest in its provenance',
      '"docs/b.md" does not match its provenance',
    ]);
    expect(run("provenance", { provenance: [] })[0]).toBe("FAIL");
  });
});

describe("security_findings", () => {
  const security = (severity: EvidenceValues["security"]["findings"][number]["severity"], scanned = 1) => ({
    security: { scanned, findings: [{ id: "CVE-1", severity, target: "left-pad@1", path: null }] },
  });

  it("blocks on HIGH and CRITICAL, and on what nobody can weigh (GOV-18)", () => {
    for (const severity of ["critical", "high", "unknown"] as const)
      expect(run("security_findings", security(severity))).toEqual(["FAIL", `CVE-1 (${severity}) in left-pad@1`]);
    expect(run("security_findings", security("medium"))[0]).toBe("PASS");
    expect(run("security_findings", security("low"), { block: ["low"] })[0]).toBe("FAIL");
    expect(run("security_findings", security("low", 0))[0]).toBe("FAIL");
    expect(run("security_findings", security("low"), { block: ["HIGH"] })[0]).toBe("ERROR");
    for (const severity of ["CRITICAL", "moderate", ""]) expect(run("security_findings", security(severity as "low"))[0]).toBe("FAIL");
  });
});

describe("environment_segregation", () => {
  const job = { name: "smoke", environment: "staging", selectors: ["env=staging"], namespace: "run-42-smoke" };
  const environments = (jobs: EvidenceValues["environments"]["jobs"], runId = "run-42") => ({
    environments: { runId, jobs, productionSelectors: ["env=production"] },
  });

  it("refuses a production selector in a staging job (ENV-02)", () => {
    expect(run("environment_segregation", environments([job]))).toEqual(["PASS"]);
    expect(run("environment_segregation", environments([{ ...job, selectors: ["env=production"] }]))).toEqual([
      "FAIL",
      'Job "smoke" of staging selects "env=production", which is production',
    ]);
    const live = { name: "deploy", environment: "production", selectors: ["env=production"], namespace: "live" };
    expect(run("environment_segregation", environments([live]))).toEqual(["PASS"]);
    expect(run("environment_segregation", environments([live]), { production: ["prod"] })[0]).toBe("FAIL");
  });

  it("asks for a namespace of the run, not shared (ENV-01)", () => {
    expect(
      run(
        "environment_segregation",
        environments([
          { ...job, namespace: null },
          { ...job, namespace: "shared" },
        ]),
      ),
    ).toHaveLength(2);
    expect(run("environment_segregation", environments([job, { ...job, name: "load" }]))[1]).toBe(
      'Job "load" of staging shares its namespace with job "smoke"',
    );
    expect(run("environment_segregation", environments([job], "run-4"))[1]).toBe('Job "smoke" of staging has no namespace of run "run-4"');
    expect(run("environment_segregation", environments([{ ...job, namespace: "smoke.run.42" }]))).toEqual(["PASS"]);
    expect(run("environment_segregation", environments([]))[0]).toBe("FAIL");
    expect(run("environment_segregation", environments([job], ""))[0]).toBe("FAIL");
    expect(run("environment_segregation", environments([job]), { production: "prod" })[0]).toBe("ERROR");
  });
});

describe("framework_contract", () => {
  const states = ["PLANNED", "READY_FOR_HANDOFF"] as const;
  const contract = {
    framework: "framework1",
    artifacts: [
      { kind: "plan", required: true },
      { kind: "note", required: false },
    ],
    states: [...states],
    gate_checks: [{ from: states[0], to: states[1], gates: ["schema-lint"] }],
  };
  const framework = (changes: Partial<EvidenceValues["framework"]> = {}) => ({ contract, states, gates: presets.be.gates, ...changes });

  it("compares kinds, states and gates with the contract", () => {
    expect(run("framework_contract", { artifacts: [artifact("a")], framework: framework() })).toEqual(["PASS"]);
    expect(
      run("framework_contract", {
        artifacts: [artifact("a", { kind: "poem" })],
        framework: framework({ states: ["PLANNED", "IMPROVE"], gates: {} }),
      }),
    ).toEqual([
      "FAIL",
      'Framework "framework1" asks for gate "schema-lint" at PLANNED -> READY_FOR_HANDOFF, where it does not stand',
      'Framework "framework1" has state READY_FOR_HANDOFF, which the lifecycle has not',
      'Framework "framework1" requires a document of kind "plan"',
      'The lifecycle has state IMPROVE, which framework "framework1" does not allow',
      'Framework "framework1" does not allow "a.md" of kind "poem"',
    ]);
  });
});

describe("role_order", () => {
  it("refuses a role before those it comes after (RTE-07)", () => {
    expect(roleOrderProblem("qa", { done: ["planning"] })).toBe('Role "qa" comes after codegen, which is not done');
    expect(roleOrderProblem("mlops", { done: ["qa"] })).toBe('Role "mlops" comes after planning, codegen, which are not done');
    expect(roleOrderProblem("planning", { done: [] })).toBeNull();
    expect(roleOrderProblem("boss", { done: ["planning"] })).toContain("unknown");
    expect(run("role_order", { roles: { done: ["planning", "codegen"], next: "qa" } })).toEqual(["PASS"]);
    expect(run("role_order", { roles: { done: ["planning"], next: "qa" } })[0]).toBe("FAIL");
    expect(run("role_order", { roles: { done: [], next: "b" } }, { order: ["a", "b"] })[0]).toBe("FAIL");
    expect(run("role_order", { roles: { done: [], next: "a" } }, { order: ["a", "a"] })[0]).toBe("ERROR");
  });
});
