import { backTransitions, defaultGovernance, defaultHydration, defaultThresholds, forwardTransitions, gate, steps } from "./defaults.ts";
import { backendKpis } from "./kpis.ts";
import type { Preset } from "./preset.ts";

/** Backend planning as c22 describes it: one gate per step (GAT-19), parity added (B-38), Critical=0 at handoff and packaging. */
export const be: Preset = {
  name: "be",
  version: 1,
  title: "Backend planning",
  lifecycle: { transitions: [...forwardTransitions, ...backTransitions] },
  gates: {
    schema_lint: gate([steps.ready], [{ type: "json_schema" }, { type: "references" }], "Return to PLANNED with error report"),
    cross_stream_consistency: gate(
      [steps.package],
      [{ type: "dependency_graph", max_depth: defaultThresholds.dependencyMaxDepth }, { type: "contracts" }],
      "Block packaging, require resolution",
    ),
    parity_coverage: gate(
      [steps.execute],
      [{ type: "story_parity" }, { type: "coverage_analyzer", minimum: defaultThresholds.coverageMinimumPercent }],
      "Return to PACKAGED for enhancement",
    ),
    critical_zero: gate(
      [steps.ready, steps.package],
      [
        { type: "critical_zero", source: "issues" },
        { type: "critical_zero", source: "violations" },
      ],
      "Resolve every critical issue and violation",
    ),
  },
  order: ["schema_lint", "cross_stream_consistency", "parity_coverage", "critical_zero"],
  criticalZero: [
    { name: "critical_issues_zero", source: "issues", enforceOn: [steps.ready, steps.package] },
    { name: "critical_violations_zero", source: "violations", enforceOn: [steps.ready, steps.package] },
    { name: "critical_tag_zero", source: "tag", enforceOn: "all" },
  ],
  seal: { at: "PACKAGED" },
  overridePolicy: "waiver",
  layout: {
    style: "by-kind",
    paths: {
      be_backlog: "frameworks/planning-be/backlogs/{cycle_id}-be_backlog.yaml",
      story_map: "frameworks/planning-be/storymaps/{cycle_id}-story_map.md",
      handoff_manifest: "frameworks/planning-be/manifests/{cycle_id}-handoff_manifest.yaml",
      digest: "frameworks/planning-be/digests/{cycle_id}-digest.md",
    },
  },
  thresholds: defaultThresholds,
  hydration: defaultHydration,
  governance: defaultGovernance,
  kpis: backendKpis,
  workItemFields: ["effort_points", "priority", "dependencies"],
  frontMatter: "optional",
};
