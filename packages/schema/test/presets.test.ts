import { readFileSync } from "node:fs";
import { parseDuration, validateKind } from "@gov/schema";
import { isPresetName, type LifecycleTransition, type Preset, presetNames, presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";

const letters = { P: "PLANNED", R: "READY_FOR_HANDOFF", K: "PACKAGED", X: "EXECUTED", V: "VALIDATED", I: "IMPROVE" } as const;

function edges(transitions: readonly LifecycleTransition[]): readonly string[] {
  const letter = (state: string | null) => Object.entries(letters).find(([, name]) => name === state)?.[0] ?? "*";
  return transitions.map((edge) => `${letter(edge.from)} ${edge.event} ${letter(edge.to)}`);
}

function gatesAt(preset: Preset, from: keyof typeof letters, to: keyof typeof letters): readonly string[] {
  const stands = (step: { readonly from: string; readonly to: string }) => step.from === letters[from] && step.to === letters[to];
  return preset.order.filter((name) => preset.gates[name]?.triggers.some(stands));
}

const forward = [
  "* create_plan P",
  "P update_plan P",
  "P validate_complete R",
  "R package_artifacts K",
  "K begin_execution X",
  "X validate_results V",
  "V analyze_metrics I",
  "I cycle_complete *",
];
const back = ["R validation_failed P", "X execution_failed K", "V validation_failed X"];

describe("presets", () => {
  it("are seven: the six of the sources and `quality` for the CI of a repository, each a valid rulebook of its own", () => {
    expect(Object.keys(presets).sort()).toEqual([...presetNames]);
    expect([isPresetName("be"), isPresetName("constructor")]).toEqual([true, false]);
    for (const [name, preset] of Object.entries(presets)) {
      expect(preset.name).toBe(name);
      expect([...preset.order].sort()).toEqual(Object.keys(preset.gates).sort());
      const { gates, governance, kpis } = preset;
      expect(validateKind("rulebook", JSON.parse(JSON.stringify({ version: "1", gates, governance, kpis })) as never), name).toEqual([]);
    }
  });

  it("give every number that the sources leave open a default, the one that is documented (B-42)", () => {
    const documented = {
      ...{ coverageMinimumPercent: 80, dependencyMaxDepth: 5, routingDriftPercent: 0, minimumFreeSpacePercent: 10, recoveryPointHours: 24 },
      ...{ recoveryTimeHours: 4, meanTimeToRecoverHours: 24, lockContentionPerHour: 60, snapshotRetention: "7_years" },
      ...{ cleanDaysBeforeBridge: 14, greenRunsBeforeEscalation: 3 },
    };
    for (const name of presetNames) expect(presets[name].thresholds, name).toEqual(documented);
    expect(parseDuration(documented.snapshotRetention)).toMatchObject({ value: { months: 84, days: 0 } });
    const source = readFileSync(new URL("../src/presets/preset.ts", import.meta.url), "utf8");
    for (const [field, value] of Object.entries(documented))
      expect(source).toMatch(new RegExp(`@default ${JSON.stringify(value)} \\*/\\n  readonly ${field}: `));
  });

  it("know the transitions of the seed, forward and back; fe-c11 has no way back (LIF-01, LIF-10, LIF-11, LIF-12, B-04)", () => {
    for (const name of ["be", "fe", "fe-c33"] as const) expect(edges(presets[name].lifecycle.transitions)).toEqual([...forward, ...back]);
    expect(edges(presets["fe-c11"].lifecycle.transitions)).toEqual(forward);
    expect(presets.pipeline.lifecycle.transitions).toEqual([]);
  });

  it("place one gate per step for the backend, with parity added (GAT-19, B-38)", () => {
    expect(gatesAt(presets.be, "P", "R")).toEqual(["schema_lint", "critical_zero"]);
    expect(gatesAt(presets.be, "R", "K")).toEqual(["cross_stream_consistency", "critical_zero"]);
    expect(gatesAt(presets.be, "K", "X")).toEqual(["parity_coverage"]);
    expect(gatesAt(presets.be, "X", "V")).toEqual([]);
    expect(presets.be.gates["parity_coverage"]?.validators).toEqual([{ type: "story_parity" }, { type: "coverage_analyzer", minimum: 80 }]);
    expect(presets.be.gates["cross_stream_consistency"]?.validators[0]).toEqual({ type: "dependency_graph", max_depth: 5 });
  });

  it("place the gates of c11 and c33, and their union (GAT-18, GAT-20, B-01, B-47)", () => {
    const c11 = presets["fe-c11"];
    expect(gatesAt(c11, "P", "R")).toEqual([
      "schema_lint",
      "cross_stream_consistency",
      "parity_coverage",
      "handoff_dry_run",
      "critical_zero",
    ]);
    expect(gatesAt(c11, "R", "K")).toEqual(["schema_lint", "manifest_precheck", "critical_zero"]);
    expect(gatesAt(c11, "K", "X")).toEqual(["release_readiness", "manifest_unchanged"]);
    expect(gatesAt(c11, "X", "V")).toEqual(["outcome_validation", "kpi_measurement", "parity_coverage_post"]);
    expect(gatesAt(c11, "V", "I")).toEqual(["retro_signatures", "improvement_captured"]);
    const c33 = presets["fe-c33"];
    expect(gatesAt(c33, "P", "R")).toEqual(["schema_lint", "cross_stream_consistency", "critical_zero"]);
    expect(gatesAt(c33, "V", "I")).toEqual(["parity_coverage", "critical_zero"]);
    expect(gatesAt(presets.fe, "V", "I")).toEqual(["parity_coverage_post", "retro_signatures", "improvement_captured", "critical_zero"]);
    for (const [from, to] of [
      ["P", "R"],
      ["R", "K"],
      ["K", "X"],
      ["X", "V"],
      ["V", "I"],
    ] as const) {
      for (const name of [...gatesAt(c11, from, to), ...gatesAt(c33, from, to)].filter((gate) => !gate.startsWith("parity"))) {
        expect(gatesAt(presets.fe, from, to)).toContain(name);
      }
    }
  });

  it("seal at handoff or when packaged, and say how Critical=0 is meant (B-05, B-06, B-07, B-13)", () => {
    expect(Object.values(presets).map((preset) => [preset.name, preset.seal?.at ?? null, preset.overridePolicy])).toEqual([
      ["be", "PACKAGED", "waiver"],
      ["fe", "PACKAGED", "waiver"],
      ["fe-c11", "READY_FOR_HANDOFF", "new_cycle"],
      ["fe-c33", "PACKAGED", "waiver"],
      ["governance", null, "waiver"],
      ["pipeline", null, "waiver"],
      ["quality", null, "waiver"],
    ]);
    expect(presets["fe-c11"].criticalZero).toMatchObject([{ name: "critical_issues_zero", source: "issues" }]);
    expect(presets["fe-c33"].criticalZero).toEqual([{ name: "critical_violations_zero", source: "violations", enforceOn: "all" }]);
  });

  it("hold the governance and pipeline gates in their order (GAT-23, B-18, B-36)", () => {
    expect(presets.governance.order).toEqual(["audit_gate", "verification_gate", "synthesis_gate"]);
    expect(presets.pipeline.order).toEqual(["backlog", "plan", "gen_code", "test", "audit", "peer_review", "synthesis", "deploy"]);
  });

  it("carry tags, rules and KPIs of the seed (GOV-01, GOV-03, KPI-02)", () => {
    expect(presets.be.governance.tags.map((tag) => [tag.name, tag.values, tag.default])).toEqual([
      ["compliance", ["sox", "gdpr", "hipaa", "none"], "none"],
      ["criticality", [0, 1, 2, 3], 2],
      ["data_classification", ["public", "internal", "confidential", "restricted"], "internal"],
    ]);
    expect(presets.be.governance.rules["critical_tag_zero"]?.requirements).toEqual([
      { approval_count: 3 },
      { review_board: true },
      { emergency_contact: "required" },
      { rollback_plan: "mandatory" },
    ]);
    expect(presets.be.kpis["planning_velocity"]).toEqual({
      formula: "sum(completed_points) / cycle_days",
      unit: "points_per_day",
      target: 1.5,
    });
  });

  it("say for every gate what its failure asks for, and name the quality gates of CI (GAT-21, B-18, B-24)", () => {
    for (const { name, gates, order } of Object.values(presets)) {
      expect([name, ...order].sort()).toEqual([name, ...Object.keys(gates)].sort());
      for (const [gate, config] of Object.entries(gates))
        expect([name, gate, typeof config.failure_action]).toEqual([name, gate, "string"]);
    }
    expect(presets.quality.order).toEqual(["tests", "coverage", "performance", "security", "docs", "environments"]);
    expect(presets.quality.gates["coverage"]?.validators.map(({ metric, minimum }) => [metric, minimum])).toEqual([
      [undefined, 90],
      ["branches", 80],
    ]);
  });
});
