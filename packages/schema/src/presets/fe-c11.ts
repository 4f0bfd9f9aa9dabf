import { defaultGovernance, defaultHydration, defaultThresholds, failureActions, forwardTransitions, gate, steps } from "./defaults.ts";
import { fe } from "./fe.ts";
import { c11Kpis } from "./kpis.ts";
import type { Preset } from "./preset.ts";

const crossStream = [{ type: "dependency_graph", max_depth: defaultThresholds.dependencyMaxDepth }, { type: "contracts" }];
const executed = [{ type: "coverage_analyzer", minimum: defaultThresholds.coverageMinimumPercent }, { type: "parity_checker" }];

/** Frontend planning as c11 describes it (GAT-18): no way back, a change opens a new cycle; sealed before the handoff (B-05). */
export const feC11: Preset = {
  name: "fe-c11",
  version: 1,
  title: "Frontend planning, sealed at handoff",
  lifecycle: { transitions: forwardTransitions },
  gates: {
    schema_lint: gate([steps.ready, steps.package], [{ type: "json_schema" }, { type: "references" }], failureActions.schemaLint),
    cross_stream_consistency: gate([steps.ready], crossStream, failureActions.crossStream),
    parity_coverage: gate([steps.ready], [{ type: "story_parity" }], failureActions.storyParity),
    handoff_dry_run: gate([steps.ready], [{ type: "handoff_dry_run" }], failureActions.dryRun),
    manifest_precheck: gate([steps.package], [{ type: "manifest_precheck" }], failureActions.precheck),
    release_readiness: gate([steps.execute], [{ type: "release_readiness" }], failureActions.release),
    manifest_unchanged: gate([steps.execute], [{ type: "manifest_unchanged" }], failureActions.unchanged),
    outcome_validation: gate([steps.validate], [{ type: "outcome_validation" }], failureActions.outcomes),
    kpi_measurement: gate([steps.validate], [{ type: "kpi_measurement" }], failureActions.kpis),
    parity_coverage_post: gate([steps.validate], executed, failureActions.parity),
    retro_signatures: gate([steps.improve], [{ type: "retro_signatures" }], failureActions.retrospective),
    improvement_captured: gate([steps.improve], [{ type: "improvement_captured" }], failureActions.improvements),
    critical_zero: gate([steps.ready, steps.package], [{ type: "critical_zero", source: "issues" }], failureActions.critical),
  },
  order: fe.order,
  criticalZero: [{ name: "critical_issues_zero", source: "issues", enforceOn: [steps.ready, steps.package] }],
  seal: { at: "READY_FOR_HANDOFF" },
  overridePolicy: "new_cycle",
  layout: fe.layout,
  thresholds: defaultThresholds,
  hydration: defaultHydration,
  governance: defaultGovernance,
  kpis: c11Kpis,
  workItemFields: ["type", "owner", "effort", "dependencies"],
  frontMatter: "required",
};
