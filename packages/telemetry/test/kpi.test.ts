import { digestBytes } from "@gov/schema/canonical";
import { presets } from "@gov/schema/presets";
import {
  doraInputs,
  evaluateKpis,
  findKpi,
  holdsKpiRecord,
  type KpiDefinition,
  type KpiInputs,
  kpiSets,
  renderKpiRecord,
  shippedKpis,
  trendOf,
} from "@gov/telemetry/kpi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofRuns } from "./proof-runs.ts";

const all = kpiSets.flatMap((set) => shippedKpis[set]);

function given(values: Readonly<Record<string, number | readonly number[]>>): KpiInputs {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, source: null }]));
}

function kpi(id: string, values: Readonly<Record<string, number | readonly number[]>>): number | null | undefined {
  const definition = findKpi(id);
  if (definition === undefined) throw new Error(`No KPI ${id}`);
  return evaluateKpis([definition], { inputs: given(values) }).kpis[0]?.actual;
}

describe("evaluateKpis(), by the formulas of the sources (KPI-01, KPI-02, KPI-03, KPI-04, KPI-05, KPI-06, KPI-07, KPI-09, KPI-10, KPI-11)", () => {
  const cases: readonly (readonly [id: string, inputs: Readonly<Record<string, number | readonly number[]>>, wanted: number])[] = [
    ["plan_accuracy", { completed_items: 9, committed_items: 12 }, 75],
    ["mttr_hours", { recovery_hours: [1, 3] }, 2],
    ["planning_velocity", { completed_points: [8, 13], cycle_days: 14 }, 1.5],
    ["quality_gate_pass_rate", { gates_passed: 19, total_gates: 20 }, 95],
    ["handoff_success_rate", { successful_handoffs: 4, total_handoffs: 4 }, 100],
    ["cycle_time", { task_completion_time: [2, 4] }, 3],
    ["defect_escape_rate", { post_execution_defects: 1, total_tasks: 20 }, 5],
    ["delivered_vs_planned_ratio", { delivered_tasks: 9, planned_tasks: 12 }, 0.75],
    ["scope_variance_pct", { delivered_points: 8, planned_points: 10 }, -20],
    ["on_time_handoffs_pct", { on_time_handoffs: 3, total_handoffs: 4 }, 75],
    ["cross_stream_first_pass_pct", { cross_stream_first_passes: 19, cross_stream_first_runs: 20 }, 95],
    ["coverage_pct", { covered_lines: 80, total_lines: 100 }, 80],
    ["critical_violations_count", { critical_violations: 0 }, 0],
    ["waivers_used", { waivers_used: 2 }, 2],
    ["gate_rerun_rate", { gate_runs_to_green: 6, gates_green: 4 }, 1.5],
    ["mean_time_to_green_gates", { hours_to_green: [1, 5] }, 3],
    ["design_completeness", { completed_sections: 10, total_sections: 10 }, 100],
    ["schema_coverage", { events_with_schema: 15, total_events: 15 }, 100],
    ["documentation_quality", { sections_meeting_criteria: 10, total_sections: 10 }, 100],
    ["gate_definition", { gates_defined: 3 }, 3],
    ["schema_lint_effectiveness", { schema_lint_caught: 49, schema_defects: 50 }, 98],
    ["cross_stream_effectiveness", { cross_stream_caught: 19, cross_stream_defects: 20 }, 95],
    ["parity_effectiveness", { regressions_caught: 99, regressions: 100 }, 99],
  ];
  it.each(cases)("computes %s", (id, inputs, wanted) => {
    expect(kpi(id, inputs)).toBe(wanted);
  });
});

describe("evaluateKpis()", () => {
  it("compiles every formula against its inputs, and has every name once", () => {
    const { kpis, findings } = evaluateKpis(all, { inputs: {} });
    expect(kpis.every(({ actual, isMet, delta, trend }) => actual === null && isMet === null && delta === null && trend === null)).toBe(
      true,
    );
    expect(findings).toHaveLength(all.length);
    const names = all.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    const filled = all
      .flatMap(({ inputs }) => Object.entries(inputs))
      .map(([name, type]) => [name, type === "numbers" ? [1, 2] : 2] as const);
    const computed = evaluateKpis(all, { inputs: given(Object.fromEntries(filled)) });
    expect(computed.findings).toEqual([]);
    expect(computed.kpis.every(({ actual }) => typeof actual === "number")).toBe(true);
  });

  it("agrees with the formulas of the presets wherever both name a KPI (KPI-08)", () => {
    let compared = 0;
    for (const { kpis } of Object.values(presets))
      for (const [id, { unit, target, formula }] of Object.entries(kpis)) {
        const definition = findKpi(id);
        if (definition === undefined || definition.formula !== formula) continue;
        compared++;
        expect([id, definition.unit, definition.target]).toEqual([id, unit, target]);
      }
    expect(compared).toBeGreaterThan(10);
  });

  it("keeps missing what is missing, and never makes 0 of it (DIG-08)", () => {
    const { kpis, findings } = evaluateKpis(shippedKpis.c22, {
      inputs: given({ gates_passed: 1, total_gates: 0, completed_points: [], cycle_days: 3 }),
    });
    expect(kpis.map(({ id, actual }) => [id, actual])).toEqual([
      ["planning_velocity", 0],
      ["quality_gate_pass_rate", null],
      ["handoff_success_rate", null],
      ["cycle_time", null],
      ["defect_escape_rate", null],
    ]);
    expect(findings.map(({ code }) => code)).toEqual([
      "TELEMETRY_KPI_NOT_COMPUTABLE",
      ...Array.from({ length: 3 }, () => "TELEMETRY_KPI_INPUT_MISSING"),
    ]);
    expect(kpi("cycle_time", { task_completion_time: [] })).toBeNull();
    expect(kpi("plan_accuracy", JSON.parse('{"__proto__":1}') as Record<string, number>)).toBeNull();
    const bad: KpiDefinition = { ...(shippedKpis.c22[0] as KpiDefinition), formula: "sum(" };
    expect(() => evaluateKpis([bad], { inputs: given({ completed_points: [1], cycle_days: 1 }) })).toThrow(RangeError);
  });

  it("takes an input under the name another source gives it (B-19)", () => {
    expect(kpi("plan_accuracy", { delivered_tasks: 3, planned_tasks: 4 })).toBe(75);
    expect(kpi("scope_completed_pct", { completed_items: 1, committed_items: 2 })).toBe(50);
  });

  it("gives delta and trend against earlier cycles (DIG-06, KPI-10)", () => {
    const one = (earlier: readonly Readonly<Record<string, number | null>>[]): unknown => {
      const [result] = evaluateKpis(shippedKpis.c22, { inputs: given({ completed_points: [15], cycle_days: 10 }), earlier }).kpis;
      return [result?.delta, result?.trend, result?.isMet];
    };
    expect(one([])).toEqual([null, null, true]);
    expect(one([{ planning_velocity: 1.5 }])).toEqual([0, "→", true]);
    expect(one([{ planning_velocity: 2 }, { planning_velocity: 2 }])).toEqual([-0.5, "↓", true]);
    expect(one([{ planning_velocity: null }, { planning_velocity: 1 }, {}, { planning_velocity: 99 }])).toEqual([null, "↑", true]);
    expect([trendOf(null, [1]), trendOf(0, [0]), trendOf(1, [0])]).toEqual([null, "→", "↑"]);
  });

  it("judges effectiveness by the targets of the design digest (KPI-11)", () => {
    const targets = ["schema_lint_effectiveness", "cross_stream_effectiveness", "parity_effectiveness"].map((id) => findKpi(id)?.target);
    expect(targets).toEqual([98, 95, 99]);
    const half = given({
      schema_lint_caught: 1,
      schema_defects: 2,
      cross_stream_caught: 1,
      cross_stream_defects: 2,
      regressions_caught: 1,
      regressions: 2,
    });
    const judged = evaluateKpis(shippedKpis.design, { inputs: half }).kpis.filter(({ id }) => id.endsWith("_effectiveness"));
    expect(judged.map(({ isMet }) => isMet)).toEqual([false, false, false]);
  });

  it("judges by direction", () => {
    const met = (id: string, values: Readonly<Record<string, number>>): boolean | null | undefined =>
      evaluateKpis([findKpi(id) as KpiDefinition], { inputs: given(values) }).kpis[0]?.isMet;
    expect(met("scope_variance_pct", { delivered_points: 8, planned_points: 10 })).toBe(false);
    expect(met("scope_variance_pct", { delivered_points: 10, planned_points: 10 })).toBe(true);
    expect(met("defect_escape_rate", { post_execution_defects: 1, total_tasks: 100 })).toBe(true);
    expect(met("waivers_used", { waivers_used: 3 })).toBeNull();
  });

  it("agrees with a reference for every KPI of the sources and any inputs, some of them missing (KPI-01, KPI-02, KPI-07, KPI-09, DIG-08)", () => {
    const [mean, sum] = [
      (of: readonly number[]) => sum(of) / of.length,
      (of: readonly number[]) => of.reduce((total, one) => total + one, 0),
    ];
    const share = (part: string, whole: string): Reference => [[part, whole], ({ n }) => (n(part) / n(whole)) * 100];
    const average = (of: string): Reference => [[of], ({ list }) => mean(list(of))];
    const count = (of: string): Reference => [[of], ({ n }) => n(of)];
    // Written from the sources, not from the definitions: what a KPI needs, and what it is.
    const references: Readonly<Record<string, Reference>> = {
      plan_accuracy: share("completed_items", "committed_items"),
      lead_time_days: average("lead_time"),
      cycle_time_days: average("dev_cycle_time"),
      unit_coverage_delta: [
        ["unit_coverage_after", "unit_coverage_before"],
        ({ n }) => n("unit_coverage_after") - n("unit_coverage_before"),
      ],
      e2e_coverage_delta: [["e2e_coverage_after", "e2e_coverage_before"], ({ n }) => n("e2e_coverage_after") - n("e2e_coverage_before")],
      a11y_pass_rate: share("a11y_checks_passed", "a11y_checks"),
      defects_critical: count("defects_critical"),
      defects_high: count("defects_high"),
      defects_medium: count("defects_medium"),
      defects_low: count("defects_low"),
      dependency_fulfillment_rate: share("dependencies_fulfilled", "dependencies_total"),
      deployment_frequency: [["deployments", "period_days"], ({ n }) => n("deployments") / n("period_days")],
      change_failure_rate: share("failed_deployments", "deployments"),
      mttr_hours: average("recovery_hours"),
      c11_defect_escape_rate: share("escaped_defects", "total_defects"),
      planning_velocity: [["completed_points", "cycle_days"], ({ n, list }) => sum(list("completed_points")) / n("cycle_days")],
      quality_gate_pass_rate: share("gates_passed", "total_gates"),
      handoff_success_rate: share("successful_handoffs", "total_handoffs"),
      cycle_time: average("task_completion_time"),
      defect_escape_rate: share("post_execution_defects", "total_tasks"),
      delivered_vs_planned_ratio: [["delivered_tasks", "planned_tasks"], ({ n }) => n("delivered_tasks") / n("planned_tasks")],
      on_time_handoffs_pct: share("on_time_handoffs", "total_handoffs"),
      cross_stream_first_pass_pct: share("cross_stream_first_passes", "cross_stream_first_runs"),
      coverage_pct: share("covered_lines", "total_lines"),
      scope_variance_pct: [
        ["delivered_points", "planned_points"],
        ({ n }) => ((n("delivered_points") - n("planned_points")) / n("planned_points")) * 100,
      ],
      critical_violations_count: count("critical_violations"),
      waivers_used: count("waivers_used"),
      gate_rerun_rate: [["gate_runs_to_green", "gates_green"], ({ n }) => n("gate_runs_to_green") / n("gates_green")],
      mean_time_to_green_gates: average("hours_to_green"),
      design_completeness: share("completed_sections", "total_sections"),
      schema_coverage: share("events_with_schema", "total_events"),
      documentation_quality: share("sections_meeting_criteria", "total_sections"),
      gate_definition: count("gates_defined"),
      governance_rules: count("governance_rules_defined"),
      schema_lint_effectiveness: share("schema_lint_caught", "schema_defects"),
      cross_stream_effectiveness: share("cross_stream_caught", "cross_stream_defects"),
      parity_effectiveness: share("regressions_caught", "regressions"),
    };
    expect(Object.keys(references).sort()).toEqual(all.map(({ id }) => id).sort());
    const names = [...new Set(all.flatMap(({ inputs }) => Object.keys(inputs)))];
    const value = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 1_000_000 }) }, fc.constantFrom(0, null));
    const values = fc.array(value, { minLength: names.length, maxLength: names.length });
    fc.assert(
      fc.property(values, fc.array(fc.nat(1000), { maxLength: 20 }), (numbers, list) => {
        const isList = (name: string): boolean => all.some(({ inputs }) => inputs[name] === "numbers");
        const data = new Map(names.map((name, at) => [name, numbers[at] === null ? null : isList(name) ? list : (numbers[at] ?? null)]));
        // B-19: what one source calls completed items another calls delivered tasks, and either stands in for the other.
        const stated = (name: string): number | readonly number[] | null =>
          data.get(name) ?? data.get(sameThing.find((pair) => pair.includes(name))?.find((other) => other !== name) ?? "") ?? null;
        const look = { n: (name: string) => stated(name) as number, list: (name: string) => stated(name) as readonly number[] };
        const inputs: KpiInputs = Object.fromEntries([...data].map(([name, one]) => [name, { value: one, source: null }]));
        for (const { id, actual } of evaluateKpis(all, { inputs }).kpis) {
          const [needed, compute] = references[id] as Reference;
          const wanted = needed.every((name) => stated(name) !== null) ? compute(look) : NaN;
          if (Number.isFinite(wanted))
            expect([id, actual]).toEqual([id, expect.closeTo(wanted, 9 - Math.ceil(Math.log10(Math.abs(wanted) + 1)))]);
          else expect([id, actual]).toEqual([id, null]);
        }
      }),
      { numRuns: proofRuns(60), seed: 11 },
    );
  });
});

type Reference = readonly [
  needed: readonly string[],
  compute: (given: { readonly n: (name: string) => number; readonly list: (name: string) => readonly number[] }) => number,
];
const sameThing = [
  ["completed_items", "delivered_tasks"],
  ["committed_items", "planned_tasks"],
];

describe("evaluateKpis() against a target", () => {
  it("takes 57 of 100 for 57 %, whatever the direction, and a value that is none for no trend (KPI-01)", () => {
    const share = findKpi("plan_accuracy");
    if (share === undefined) throw new Error("No KPI plan_accuracy");
    const met = (target: number, direction: KpiDefinition["direction"], completed_items = 57) =>
      evaluateKpis([{ ...share, target, direction }], { inputs: given({ completed_items, committed_items: 100 }) }).kpis[0]?.isMet;
    expect([met(57, "at_least"), met(57, "at_most"), met(57, "exactly"), met(7, "at_most", 7)]).toEqual([true, true, true, true]);
    expect([met(57.001, "at_least"), met(56.999, "at_most"), met(57.001, "exactly")]).toEqual([false, false, false]);
    expect([trendOf(1, [Number.NaN]), trendOf(Number.NaN, [1]), trendOf(2, [Number.NaN, 1])]).toEqual([null, null, "↑"]);
  });
});

describe("renderKpiRecord() and holdsKpiRecord()", () => {
  it("give the same bytes when computed again, and notice any edit (MET-09)", () => {
    const source = { path: "VERIFICATION/coverage.json", digest: digestBytes("x") };
    const inputs: KpiInputs = {
      covered_lines: { value: 91, source },
      total_lines: { value: 100, source },
      delivered_tasks: { value: 1, source: null },
    };
    const { kpis } = evaluateKpis(shippedKpis.c33, { inputs });
    const record = renderKpiRecord(kpis);
    expect(record).toContain('"actual":91');
    expect(record).toContain("VERIFICATION/coverage.json");
    expect(holdsKpiRecord(record)).toBe(true);
    for (const edited of [
      record.replace('"actual":91', '"actual":92'),
      record.replace('"value":91', '"value":81'),
      record.replace("total_lines) * 100", "total_lines) + 100"),
      "{}",
      "x",
      "[1]",
    ])
      expect(holdsKpiRecord(edited)).toBe(false);
  });
});

describe("doraInputs()", () => {
  const period = { from: "2024-01-01T00:00:00Z", to: "2024-01-11T00:00:00Z" };
  const deployment = (
    at: string,
    recoveredAt: string | null = null,
    hasFailed = recoveredAt !== null,
  ): Parameters<typeof doraInputs>[0][number] => ({
    ...{ at, hasFailed, recoveredAt },
  });

  it("counts deployments, failures and recovery times within the period (KPI-01)", () => {
    const inputs = doraInputs(
      [
        deployment("2023-12-31T23:59:59Z"),
        deployment("2024-01-02T00:00:00Z", "2024-01-02T06:00:00Z"),
        deployment("2024-01-03T00:00:00Z", "2024-01-03T02:00:00Z"),
        deployment("2024-01-04T00:00:00Z"),
        deployment("2024-01-05T08:00:00+08:00"),
        deployment("2024-01-11T00:00:00Z"),
      ],
      period,
    );
    const { kpis } = evaluateKpis(shippedKpis.c11, { inputs });
    const actual = (name: string): number | null | undefined => kpis.find(({ id }) => id === name)?.actual;
    expect([actual("deployment_frequency"), actual("change_failure_rate"), actual("mttr_hours")]).toEqual([0.4, 50, 4]);
  });

  it("leaves missing what nobody can know yet", () => {
    expect(doraInputs([deployment("2024-01-02T00:00:00Z", null, true)], period)["recovery_hours"]?.value).toBeNull();
    expect(doraInputs([], period)).toMatchObject({ deployments: { value: 0 }, recovery_hours: { value: null } });
    expect(() => doraInputs([deployment("soon")], period)).toThrow(RangeError);
    expect(() => doraInputs([], { from: period.to, to: period.from })).toThrow(RangeError);
    expect(() => doraInputs([deployment("2024-01-03T00:00:00Z", "2024-01-02T00:00:00Z")], period)).toThrow(RangeError);
  });

  it("says where the deployments were read (MET-09)", () => {
    const source = { path: "deployments.json", digest: digestBytes("[]") };
    expect(Object.values(doraInputs([], { ...period, source })).map((input) => input.source)).toEqual(
      Array.from({ length: 4 }, () => source),
    );
  });
});
