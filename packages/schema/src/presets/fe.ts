import {
  backTransitions,
  defaultGovernance,
  defaultHydration,
  defaultThresholds,
  failureActions,
  forwardTransitions,
  gate,
  steps,
} from "./defaults.ts";
import { c33Kpis } from "./kpis.ts";
import type { Preset } from "./preset.ts";

const everyStep = [steps.ready, steps.package, steps.execute, steps.validate, steps.improve];
const crossStream = [{ type: "dependency_graph", max_depth: defaultThresholds.dependencyMaxDepth }, { type: "contracts" }];
const executed = [{ type: "coverage_analyzer", minimum: defaultThresholds.coverageMinimumPercent }, { type: "parity_checker" }];

/** Frontend planning, the union of c11 and c33: every gate that either asks for, Critical=0 at every step (B-01). */
export const fe: Preset = {
  name: "fe",
  version: 1,
  title: "Frontend planning",
  lifecycle: { transitions: [...forwardTransitions, ...backTransitions] },
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
    parity_coverage_post: gate([steps.validate, steps.improve], executed, failureActions.parity),
    retro_signatures: gate([steps.improve], [{ type: "retro_signatures" }], failureActions.retrospective),
    improvement_captured: gate([steps.improve], [{ type: "improvement_captured" }], failureActions.improvements),
    critical_zero: gate(
      everyStep,
      [
        { type: "critical_zero", source: "issues" },
        { type: "critical_zero", source: "violations" },
      ],
      failureActions.critical,
    ),
  },
  order: [
    "schema_lint",
    "cross_stream_consistency",
    "parity_coverage",
    "handoff_dry_run",
    "manifest_precheck",
    "release_readiness",
    "manifest_unchanged",
    "outcome_validation",
    "kpi_measurement",
    "parity_coverage_post",
    "retro_signatures",
    "improvement_captured",
    "critical_zero",
  ],
  criticalZero: [
    { name: "critical_issues_zero", source: "issues", enforceOn: "all" },
    { name: "critical_violations_zero", source: "violations", enforceOn: "all" },
  ],
  seal: { at: "PACKAGED" },
  overridePolicy: "waiver",
  layout: {
    style: "by-kind",
    paths: {
      fe_task_breakdown: "frameworks/planning-fe/tasks/{cycle_id}-fe_task_breakdown.yaml",
      story_map: "frameworks/planning-fe/storymaps/{cycle_id}-story_map.md",
      handoff_manifest: "frameworks/planning-fe/manifests/{cycle_id}-handoff_manifest.yaml",
      digest: "frameworks/planning-fe/digests/{cycle_id}-digest.md",
    },
  },
  thresholds: defaultThresholds,
  hydration: defaultHydration,
  governance: defaultGovernance,
  kpis: c33Kpis,
  workItemFields: ["owner", "priority", "status", "dependencies", "acceptance_criteria", "linked_story_map_nodes"],
  frontMatter: "optional",
};
