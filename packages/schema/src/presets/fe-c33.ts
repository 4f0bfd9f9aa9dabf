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

/** Frontend planning as c33 describes it (GAT-20): two gates before the handoff, parity measured after execution, no critical violation at any step. */
export const feC33: Preset = {
  name: "fe-c33",
  version: 1,
  title: "Frontend planning, sealed when packaged",
  lifecycle: { transitions: [...forwardTransitions, ...backTransitions] },
  gates: {
    schema_lint: gate([steps.ready], [{ type: "json_schema" }, { type: "references" }], failureActions.schemaLint),
    cross_stream_consistency: gate(
      [steps.ready],
      [{ type: "dependency_graph", max_depth: defaultThresholds.dependencyMaxDepth }, { type: "contracts" }],
      failureActions.crossStream,
    ),
    parity_coverage: gate(
      [steps.improve],
      [{ type: "coverage_analyzer", minimum: defaultThresholds.coverageMinimumPercent }, { type: "parity_checker" }],
      failureActions.parity,
    ),
    critical_zero: gate(everyStep, [{ type: "critical_zero", source: "violations" }], failureActions.critical),
  },
  order: ["schema_lint", "cross_stream_consistency", "parity_coverage", "critical_zero"],
  criticalZero: [{ name: "critical_violations_zero", source: "violations", enforceOn: "all" }],
  seal: { at: "PACKAGED" },
  overridePolicy: "waiver",
  layout: {
    style: "by-snapshot",
    paths: {
      fe_task_breakdown: "frameworks/planning-fe/artifacts/{snapshot_rev}/fe_task_breakdown.yaml",
      story_map: "frameworks/planning-fe/artifacts/{snapshot_rev}/story_map.md",
      handoff_manifest: "frameworks/planning-fe/artifacts/{snapshot_rev}/handoff_manifest.yaml",
      digest: "frameworks/planning-fe/digests/{date}-digest.md",
    },
  },
  thresholds: defaultThresholds,
  hydration: defaultHydration,
  governance: defaultGovernance,
  kpis: c33Kpis,
  workItemFields: [
    "description",
    "owner",
    "tags",
    "priority",
    "effort",
    "status",
    "dependencies",
    "acceptance_criteria",
    "risk",
    "planned_in",
    "linked_story_map_nodes",
  ],
  frontMatter: "optional",
};
