import { type Approval, countingApprovers, type EvidenceValues, evaluateGates, isPassing } from "@gov/gates";
import { builtInValidators } from "@gov/gates/validators";
import { digestBytes } from "@gov/schema/canonical";
import { presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";
import { artifact, evidenceOf } from "./evidence-fixture.ts";

type Config = Readonly<Record<string, unknown>>;

/** Runs one validator: its outcome, then each message. */
function run(type: string, values: Partial<EvidenceValues>, config: Config = {}): readonly string[] {
  const gates = { g: { triggers: [], validators: [{ type, ...config }] } };
  const report = evaluateGates(evidenceOf(values), gates);
  return [report.outcome, ...report.findings.map(({ message }) => message)];
}

const digest = digestBytes(Buffer.from("the plan"));
const other = digestBytes(Buffer.from("another plan"));

describe("the shipped presets", () => {
  it("name only validators that exist, with options they understand (GAT-18, GAT-19, GAT-20, GAT-23)", () => {
    for (const { gates } of Object.values(presets)) {
      const findings = evaluateGates(evidenceOf({}), gates).findings.map(({ code }) => code);
      expect(new Set(findings)).toEqual(new Set(["GATES_EVIDENCE_MISSING"]));
    }
    expect(presets.pipeline.order).toEqual(["backlog", "plan", "gen_code", "test", "audit", "peer_review", "synthesis", "deploy"]);
  });

  it("never pass on empty evidence (GAT-01)", () => {
    const empty: Partial<EvidenceValues> = {
      approvals: { digest, authors: [], records: [] },
      build: [],
      health: [],
      hydration: [],
      improvements: [],
      inputs: [],
      kpis: [],
      manifest: { id: "M", path: "m.yaml", kind: "sealed", publishedAt: null, isVerified: true, entries: [] },
      artifacts: [],
      outcomes: [],
      parity: {
        capabilitiesBefore: [],
        capabilitiesAfter: [],
        plannedTasks: [],
        deliveredTasks: [],
        plannedTests: 0,
        passedTests: 0,
        path: null,
      },
      releaseChecks: [],
      routing: { routed: 0, conflicts: [] },
      testReport: { total: 0, failed: 0, skipped: 0, path: null },
    };
    // Where there is no document, none refers to anything: `json_schema` beside it fails then.
    const parts = Object.keys(empty);
    for (const [type, validator] of builtInValidators) {
      if (type === "references") continue;
      const needs = validator.needs({ type });
      if (needs.length > 0 && needs.every((part) => parts.includes(part)))
        expect([type, isPassing(run(type, empty)[0] as "PASS")]).toEqual([type, false]);
    }
  });
});

describe("countingApprovers()", () => {
  const approval: Approval = { actor: "ada", role: "lead", purpose: "review", digest, isProven: false };

  it("counts different people, of exactly these bytes, without the authors (GOV-03)", () => {
    const approvals = [
      approval,
      { ...approval, actor: " ADA " },
      { ...approval, actor: "bob", digest: other },
      { ...approval, actor: "cleo", purpose: "retrospective" },
      { ...approval, actor: "dan" },
      { ...approval, actor: "eve", role: "guest", isProven: true },
      { ...approval, actor: " " },
    ];
    const options = { digest, purpose: "review", authors: ["Dan"] };
    expect(countingApprovers(approvals, options)).toEqual(["ada", "eve"]);
    expect(countingApprovers(approvals, { ...options, roles: ["lead"] })).toEqual(["ada"]);
    expect(countingApprovers(approvals, { ...options, requireProof: true })).toEqual(["eve"]);
  });

  it("decides approvals and the signatures of a retrospective (GAT-18, D-11)", () => {
    const records = [approval, { ...approval, actor: "bob", purpose: "retrospective", isProven: true }];
    const approvals = { digest, authors: ["cleo"], records };
    expect(run("approvals", { approvals })).toEqual(["PASS"]);
    expect(run("approvals", { approvals }, { count: 2 })).toEqual(["FAIL", "2 approvals for the review are required, 1 (ada) count"]);
    expect(run("approvals", { approvals }, { require_proof: true })).toEqual([
      "FAIL",
      "1 approvals for the review are required, none count",
    ]);
    expect(run("retro_signatures", { approvals }, { require_proof: true, roles: ["lead"] })).toEqual(["PASS"]);
    for (const config of [{ count: 0 }, { count: 1.5 }, { roles: "lead" }, { require_proof: "yes" }])
      expect(run("approvals", { approvals }, config)[0]).toBe("ERROR");
  });
});

describe("test_report", () => {
  const report = (total: number, failed = 0, skipped = 0) => ({ testReport: { total, failed, skipped, path: "test_results.xml" } });

  it("fails for a failed, a skipped and an empty run (GAT-01)", () => {
    expect(run("test_report", report(5))).toEqual(["PASS"]);
    expect(run("test_report", report(5, 1, 1))).toEqual(["FAIL", "1 of 5 tests failed", "1 tests were skipped: at most 0 are allowed"]);
    expect(run("test_report", report(5, 0, 1), { max_skipped: 1 })).toEqual(["PASS"]);
    expect(run("test_report", report(1, 0, 1), { max_skipped: 1 })[0]).toBe("FAIL");
    for (const counts of [report(1, 2), report(Number.NaN), report(-1), report(1.5)]) expect(run("test_report", counts)[0]).toBe("ERROR");
    expect(run("test_report", report(1), { max_skipped: "all" })[0]).toBe("ERROR");
  });
});

describe("build_report, release_readiness", () => {
  it.each([["build_report", "build"] as const, ["release_readiness", "releaseChecks"] as const])(
    "%s asks that each check passed (GAT-18)",
    (type, part) => {
      const check = { name: "compile", outcome: "PASS" as const, path: null };
      expect(run(type, { [part]: [check] }, { require: ["compile"] })).toEqual(["PASS"]);
      expect(run(type, { [part]: [check, { ...check, name: "lint", outcome: "SKIPPED" }] }, { require: ["sbom"] })).toEqual([
        "FAIL",
        'Check "lint" is SKIPPED',
        'Check "sbom" was not run',
      ]);
      expect(run(type, { [part]: [check] }, { require: "compile" })[0]).toBe("ERROR");
    },
  );
});

describe("inputs_present", () => {
  it("names each input that is missing (GAT-04)", () => {
    const inputs = [{ name: "action_plan", path: "a.md" }];
    expect(run("inputs_present", { inputs })).toEqual([
      "FAIL",
      'Input "summary_report" is missing: it must be there',
      'Input "validation_report" is missing: it must be there',
    ]);
    expect(run("inputs_present", { inputs }, { inputs: ["action_plan"] })).toEqual(["PASS"]);
    for (const bad of [[], "action_plan", [1]]) expect(run("inputs_present", { inputs }, { inputs: bad })[0]).toBe("ERROR");
  });
});

describe("health_check", () => {
  it("fails for no answer, a bad status and an unhealthy one (GAT-29)", () => {
    const health = (status: number | null, isHealthy = true) => ({ health: [{ target: "http://a/health", status, isHealthy }] });
    expect(run("health_check", health(200))).toEqual(["PASS"]);
    expect(run("health_check", health(null))[1]).toContain("does not answer");
    expect(run("health_check", health(503))[1]).toContain("status 503");
    expect(run("health_check", health(302))[0]).toBe("FAIL");
    expect(run("health_check", health(200, false))[1]).toContain("not healthy");
  });
});

describe("routing_conflicts, hydration_determinism", () => {
  it("names every route that claims a document (GAT-02)", () => {
    expect(run("routing_conflicts", { routing: { routed: 3, conflicts: [] } })).toEqual(["PASS"]);
    const conflicts = [{ path: "a.md", routes: ["z", "b"] }];
    expect(run("routing_conflicts", { routing: { routed: 3, conflicts } })).toEqual(["FAIL", '"a.md" is claimed by several routes: b, z']);
  });

  it("asks for the same choice in every run (GAT-03)", () => {
    expect(run("hydration_determinism", { hydration: [{ id: "a", choices: ["x", "x"] }] })).toEqual(["PASS"]);
    expect(run("hydration_determinism", { hydration: [{ id: "a", choices: ["y", "x"] }] })[1]).toContain("differently: x, y");
    expect(run("hydration_determinism", { hydration: [{ id: "a", choices: ["x"] }] })[1]).toContain("2 are required");
    expect(run("hydration_determinism", { hydration: [{ id: "a", choices: ["x"] }] }, { runs: 1 })[0]).toBe("ERROR");
  });
});

describe("parity_checker", () => {
  const sound = {
    capabilitiesBefore: ["read"],
    capabilitiesAfter: ["read", "write"],
    plannedTasks: ["A", "B", "C"],
    deliveredTasks: ["A", "B", "C"],
    plannedTests: 3,
    passedTests: 3,
    path: "parity.json",
  };
  const parity = (changes: Partial<EvidenceValues["parity"]>, config: Config = {}) =>
    run("parity_checker", { parity: { ...sound, ...changes } }, config);

  it("fails for a capability that was lost (GAT-13)", () => {
    expect(parity({})).toEqual(["PASS"]);
    expect(parity({ capabilitiesAfter: ["write"] })).toEqual(["FAIL", 'Capability "read" was there before and is not any more']);
  });

  it("takes no counts of tests that can be none (GAT-17)", () => {
    for (const [plannedTests, passedTests] of [
      [-3, -3],
      [-3, 0],
      [1.5, 1.5],
      [0, Number.NaN],
      [2, Infinity],
    ] as const)
      expect(parity({ plannedTests, passedTests })[0]).toBe("ERROR");
  });

  it("compares planned and delivered, and rounds down (GAT-17)", () => {
    expect(parity({ deliveredTasks: ["A", "C", "D"], passedTests: 2 })).toEqual([
      "FAIL",
      "66.66 % of the planned tasks were delivered, not B: 100 % are required",
      "66.66 % of the planned tests pass: 100 % are required",
      "The scope varies by 66.67 %: at most 0 % are allowed",
    ]);
    expect(
      parity({ deliveredTasks: ["A", "C"], passedTests: 2 }, { min_delivered: 66, max_scope_variance: 34, min_test_parity: 66 }),
    ).toEqual(["PASS"]);
    expect(parity({ plannedTests: 0, passedTests: 0 })).toEqual(["PASS"]);
    const tasks = Array.from({ length: 100 }, (_, index) => `T-${index}`);
    const part57 = { plannedTasks: tasks, deliveredTasks: tasks.slice(0, 57), plannedTests: 100, passedTests: 57 };
    expect(parity(part57, { min_delivered: 57, max_scope_variance: 43, min_test_parity: 57 })).toEqual(["PASS"]);
    const many = Array.from({ length: 20_001 }, (_, index) => `T-${index}`);
    expect(parity({ plannedTasks: many, deliveredTasks: [...many, "X"] })[0]).toBe("FAIL");
    for (const config of [{ min_delivered: 101 }, { max_scope_variance: -1 }, { min_test_parity: "all" }])
      expect(parity({}, config)[0]).toBe("ERROR");
    expect(parity({ passedTests: Number.NaN })[0]).toBe("ERROR");
  });
});

describe("handoff_dry_run, manifest_precheck, manifest_unchanged", () => {
  const manifest = (changes: Partial<EvidenceValues["manifest"]> = {}) => ({
    artifacts: [artifact("a")],
    manifest: {
      id: "M",
      path: "m.yaml",
      kind: "sealed" as const,
      publishedAt: null,
      isVerified: true,
      entries: [{ path: "a.md", expected: digest, actual: digest }],
      ...changes,
    },
  });

  it("asks for a dry run of the documents as they stand (GAT-25)", () => {
    expect(run("handoff_dry_run", manifest({ kind: "dry_run" }))).toEqual(["PASS"]);
    expect(run("handoff_dry_run", manifest())).toEqual(["FAIL", 'Manifest "M" is sealed: it must be a dry run']);
  });

  it("names documents the manifest does not, and files that are not what it says (GAT-18)", () => {
    expect(run("manifest_precheck", manifest())).toEqual(["PASS"]);
    const entries = [
      { path: "b.md", expected: digest, actual: other },
      { path: "c.md", expected: digest, actual: null },
    ];
    expect(run("manifest_precheck", manifest({ entries }))).toEqual([
      "FAIL",
      'Manifest "M" does not name "a.md"',
      `"b.md" does not match: manifest "M" says ${digest}`,
      `"c.md" is absent: manifest "M" says ${digest}`,
    ]);
  });

  it("accepts as unchanged only what is sealed and verified (GAT-18)", () => {
    expect(run("manifest_unchanged", manifest())).toEqual(["PASS"]);
    expect(run("manifest_unchanged", manifest({ isVerified: false }))[1]).toContain("were not verified");
    expect(run("manifest_unchanged", manifest({ kind: "dry_run" }))[1]).toContain("must be sealed");
  });
});

describe("outcome_validation, kpi_measurement, improvement_captured", () => {
  it("asks of each task criteria, evidence and acceptance (LIF-16)", () => {
    const outcome = {
      task: "A",
      acceptanceCriteria: ["green"],
      evidence: ["report.xml"],
      validation: "accepted" as const,
      path: "v.yaml",
      line: 3,
    };
    expect(run("outcome_validation", { outcomes: [outcome] })).toEqual(["PASS"]);
    expect(run("outcome_validation", { outcomes: [{ ...outcome, acceptanceCriteria: [], evidence: [" "], validation: null }] })).toEqual([
      "FAIL",
      'Task "A" has no acceptance criteria',
      'Task "A" shows no evidence',
      'Task "A" was not validated',
    ]);
    expect(run("outcome_validation", { outcomes: [{ ...outcome, validation: "rejected" }] })[1]).toBe('Task "A" was rejected');
  });

  it("asks that each KPI was measured, and for its target only when told to (GAT-18)", () => {
    const kpi = { name: "cycle_time", value: 4, isTargetMet: false, path: null };
    expect(run("kpi_measurement", { kpis: [kpi] })).toEqual(["PASS"]);
    expect(run("kpi_measurement", { kpis: [kpi] }, { enforce_targets: true })[1]).toBe('KPI "cycle_time" is 4 and misses its target');
    expect(run("kpi_measurement", { kpis: [{ ...kpi, value: null }] }, { require: ["parity"] })).toEqual([
      "FAIL",
      'KPI "cycle_time" was not measured',
      'KPI "parity" is not defined',
    ]);
    for (const config of [{ require: 1 }, { enforce_targets: 1 }]) expect(run("kpi_measurement", { kpis: [kpi] }, config)[0]).toBe("ERROR");
  });

  it("asks for improvements with an owner (GAT-18)", () => {
    const improvement = { id: "I-1", owner: "ada", path: null, line: null };
    expect(run("improvement_captured", { improvements: [improvement] })).toEqual(["PASS"]);
    expect(run("improvement_captured", { improvements: [{ ...improvement, owner: "" }] }, { minimum: 2 })).toEqual([
      "FAIL",
      "1 improvements were captured: at least 2 are required",
      'Improvement "I-1" has no owner',
    ]);
    expect(run("improvement_captured", { improvements: [] }, { minimum: null })[0]).toBe("ERROR");
  });
});
